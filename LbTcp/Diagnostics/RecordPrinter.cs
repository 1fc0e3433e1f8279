using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Diagnostics;

/// <summary>Prints log records in the text form, without time and level.</summary>
/// <param name="write">Receives one line per record, without a line feed.</param>
internal sealed class RecordPrinter(Action<string> write) : ILoggerFactory, ILogger
{
    private readonly TextLogLine _line = new(hasHead: false);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _line.WriteRecord(default, new LogEntry<TState>(logLevel, "", eventId, state, exception, formatter));
        write(Encoding.UTF8.GetString(_line.End()[..^1]));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // The output is not its own.
    }
}
