using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>
/// Creates the loggers of services. While the process has one service, their records pass unchanged; from the moment it has a second one,
/// each record begins with the field <c>service</c>. This is no logging scope, whose ambient state would cost every connection.
/// </summary>
/// <param name="loggers">Creates the loggers of the process.</param>
/// <param name="keepsEvents">
/// Whether an <see cref="EventRecorder"/> receives the records: it is told the service of each, also while the log does not name it.
/// </param>
internal sealed class ServiceLoggers(ILoggerFactory loggers, bool keepsEvents = false)
{
    private volatile bool _areNamed;

    private bool KeepsEvents => keepsEvents;

    /// <summary>Adds the field to all records from now on.</summary>
    public void Name() => _areNamed = true;

    /// <summary>Returns the factory for the loggers of a service.</summary>
    public ILoggerFactory For(string service) => new ServiceLoggerFactory(this, loggers, service);

    private sealed class ServiceLoggerFactory(ServiceLoggers owner, ILoggerFactory loggers, string service) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new ServiceLogger(owner, loggers.CreateLogger(categoryName), service);

        public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

        public void Dispose()
        {
            // The loggers of the process are not its own.
        }
    }

    private sealed class ServiceLogger(ServiceLoggers owner, ILogger logger, string service) : ILogger
    {
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (owner._areNamed || (owner.KeepsEvents && eventId.Id is not EventIds.ConnectionClosed))
                LogNamed(logLevel, eventId, state, exception, formatter);
            else
                logger.Log(logLevel, eventId, state, exception, formatter);
        }

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        // A method of its own: what the lambda captures is allocated at the begin of the method.
        private void LogNamed<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!logger.IsEnabled(logLevel))
                return;
            bool isNamed = owner._areNamed;
            if (state is ILogRecord record)
                logger.Log(logLevel, eventId, new ServiceRecord(service, isNamed, record), exception, static (named, _) => named.Message);
            else if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                logger.Log(
                    logLevel, eventId, new ServiceValues(service, isNamed, values), exception, (_, error) => formatter(state, error));
            }
            else
                logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
