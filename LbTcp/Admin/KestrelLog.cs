using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin;

/// <summary>Passes the warnings of Kestrel to the log, at most one per second: what a client does wrong is none of them.</summary>
/// <param name="logger">Receives them.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed partial class KestrelLog(ILogger logger, TimeProvider timeProvider) : ILoggerFactory, ILogger
{
    private readonly LogThrottle _throttle = new(timeProvider, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && _throttle.TryPass())
            Records.Warning(logger, formatter(state, exception), exception);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // holds nothing
    }

    private static partial class Records
    {
        [LoggerMessage(EventIds.AdminServerWarning, LogLevel.Warning, "admin endpoint warns warning={Warning}")]
        public static partial void Warning(ILogger logger, string warning, Exception? exception);
    }
}
