using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Keeps what is logged, so that tests can ask for it by event id.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<LogRecord> _records = new();

    /// <summary>Everything so far, in order.</summary>
    public IReadOnlyList<LogRecord> Records => [.. _records];

    /// <summary>The records of one event, in order.</summary>
    public IReadOnlyList<LogRecord> Of(int eventId) => [.. _records.Where(record => record.EventId == eventId)];

    /// <summary>The records whose state is a <typeparamref name="TState"/>, in order.</summary>
    public IReadOnlyList<TState> States<TState>() => [.. _records.Select(record => record.State).OfType<TState>()];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _records.Enqueue(new LogRecord(logLevel, eventId.Id, formatter(state, exception), state, exception));
}
