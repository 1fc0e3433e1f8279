using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Diagnostics;

/// <summary>
/// Keeps the records of the log that tell of a change as events, beside the output and whatever its level is: those of the level
/// information and above, except those of connections, of which clients make as
/// many as they like. Never waits for a reader.
/// </summary>
/// <param name="events">Receives the events.</param>
/// <param name="timeProvider">The clock of the events.</param>
internal sealed class EventRecorder(EventLog events, TimeProvider timeProvider) : ILoggerProvider
{
    /// <summary>The number of events that are kept.</summary>
    public const int Capacity = 1_000;

    /// <summary>Creates a recorder with an empty log of events.</summary>
    public EventRecorder(TimeProvider timeProvider)
        : this(new EventLog(Capacity), timeProvider)
    {
    }

    /// <summary>The events.</summary>
    public EventLog Events => events;

    /// <summary>
    /// Which records it is given. End records are filtered by their logger, so that for a log that does not write them, they are neither
    /// formatted nor allocated.
    /// </summary>
    public static IEnumerable<LoggerFilterRule> Rules { get; } =
    [
        new(typeof(EventRecorder).FullName, categoryName: null, LogLevel.Information, filter: null),
        new(typeof(EventRecorder).FullName, EndRecordLog.Category, LogLevel.Warning, filter: null),
    ];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new EventLogger(events, timeProvider, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The events are only memory.
    }

    private sealed class EventLogger(EventLog events, TimeProvider timeProvider, string category) : ILogger
    {
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is EventIds.ConnectionClosed or EventIds.ClientRefused)
                return;
            DateTimeOffset time = timeProvider.GetUtcNow();
            var line = new EventLogLine();
            line.WriteRecord(time, new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter));
            string? service = line.Take("service") ?? (state as IServiceState)?.Service;
            string? backend = line.Take("backend");
            _ = events.Add(id => new EventRecord(id, time, logLevel, eventId.Id, line.Message, service, backend, line.Fields));
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
