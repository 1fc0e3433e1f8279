using System.Text;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Cli;

/// <summary>Prints log records in the text form, without time and level.</summary>
/// <param name="output">Receives one line per record.</param>
internal sealed class RecordPrinter(TextWriter output) : ILoggerFactory, ILogger
{
    private readonly TextLogLine _line = new(hasHead: false);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _line.WriteRecord(default, new LogEntry<TState>(logLevel, "", eventId, state, exception, formatter));
        output.WriteLine(Encoding.UTF8.GetString(_line.End()[..^1])); // without its line feed
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
