using LbTcp.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace LbTcp.Diagnostics;

/// <summary>The way of a log record from a logger to standard output. Disposing it writes what is left, for a second at most.</summary>
internal sealed class LogPipeline : IDisposable
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    private readonly LogOutput _output;
    private readonly LoggerFactory _loggers;

    /// <summary>A pipeline that ends in <paramref name="stream"/>.</summary>
    /// <param name="stream">Takes the lines; may block or throw without harm.</param>
    /// <param name="format">How records are written.</param>
    /// <param name="level">The least important records that are written.</param>
    /// <param name="timeProvider">Dates the records.</param>
    public LogPipeline(Stream stream, LogFormat format, LogLevel level, TimeProvider timeProvider)
    {
        _output = new LogOutput(stream, lost => DescribeLoss(format, timeProvider.GetUtcNow(), lost), _retryDelay);
        var provider = new ConsoleLoggerProvider(new ConsoleOptions(), [new LineFormatter(format, _output, timeProvider)]);
        _loggers = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = level });
    }

    /// <summary>Makes the loggers.</summary>
    public ILoggerFactory Loggers => _loggers;

    /// <summary>A pipeline that ends in standard output.</summary>
    public static LogPipeline ToStandardOutput(LogFormat format, LogLevel level, TimeProvider timeProvider) =>
        new(Console.OpenStandardOutput(), format, level, timeProvider);

    public void Dispose()
    {
        _loggers.Dispose();
        _output.Dispose();
    }

    private static byte[] DescribeLoss(LogFormat format, DateTimeOffset time, long lines)
    {
        var line = LogLine.Create(format);
        line.Begin(time, LogLevel.Warning, EventIds.LinesDropped, "log lines lost, standard output did not take them");
        line.Number("lines"u8, lines);
        return line.End().ToArray();
    }

    private sealed class ConsoleOptions : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue { get; } = new()
        {
            FormatterName = LineFormatter.FormatterName,
            QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite,
        };

        public ConsoleLoggerOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
