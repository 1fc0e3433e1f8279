using System.Collections.Concurrent;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A logger that keeps what it is told.</summary>
internal sealed class LogRecorder<T> : ILogger<T>
{
    private readonly ConcurrentQueue<LogRecord> _records = new();

    /// <summary>Everything that was logged so far, in order.</summary>
    public IReadOnlyList<LogRecord> Records => [.. _records];

    /// <summary>The end records logged so far, in order.</summary>
    public IReadOnlyList<ConnectionEndRecord> EndRecords => States<ConnectionEndRecord>();

    /// <summary>The records whose state is a <typeparamref name="TState"/>, in order.</summary>
    public IReadOnlyList<TState> States<TState>() => [.. _records.Select(record => record.State).OfType<TState>()];

    /// <summary>The records with <paramref name="eventId"/>, in order.</summary>
    public IReadOnlyList<LogRecord> Of(int eventId) => [.. _records.Where(record => record.EventId == eventId)];

    /// <summary>How many records with <paramref name="eventId"/> were logged.</summary>
    public int Count(int eventId) => Of(eventId).Count;

    /// <summary>The only record with <paramref name="eventId"/>.</summary>
    public LogRecord Single(int eventId) => Assert.Single(Of(eventId));

    /// <summary>The message of the only record with <paramref name="eventId"/>.</summary>
    public string Message(int eventId) => Single(eventId).Message;

    /// <summary>The level of the only record with <paramref name="eventId"/>.</summary>
    public LogLevel Level(int eventId) => Single(eventId).Level;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _records.Enqueue(new LogRecord(logLevel, eventId.Id, formatter(state, exception), state, exception));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
