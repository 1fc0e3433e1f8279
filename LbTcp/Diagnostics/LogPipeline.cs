using LbTcp.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace LbTcp.Diagnostics;

/// <summary>
/// The path of a log record from a logger to standard output or a file. Disposing it writes the queued lines, for one second at most.
/// </summary>
internal sealed class LogPipeline : IDisposable
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _disposeTimeout = TimeSpan.FromSeconds(1);

    private readonly LogOutput _output;
    private readonly LevelFilter _filter;
    private readonly LoggerFactory _loggers;

    /// <summary>Creates a pipeline that writes to <paramref name="stream"/>.</summary>
    /// <param name="stream">The destination; may block or throw.</param>
    /// <param name="format">The format of the lines.</param>
    /// <param name="level">The lowest level that is written.</param>
    /// <param name="timeProvider">The clock of the timestamps.</param>
    /// <param name="events">Keeps records as events, regardless of the level; null if no events are kept.</param>
    public LogPipeline(
        Stream stream, LogFormat format, LogLevel level, TimeProvider timeProvider, EventRecorder? events = null)
    {
        _output = new LogOutput(
            stream, dropped => DescribeDropped(format, timeProvider.GetUtcNow(), dropped), _retryDelay, _disposeTimeout);
        var provider = new ConsoleLoggerProvider(new ConsoleOptions(), [new LineFormatter(format, _output, timeProvider)]);
        _filter = new LevelFilter(level, events is null ? [] : EventRecorder.Rules);
        _loggers = new LoggerFactory(events is null ? [provider] : [provider, events], _filter);
    }

    /// <summary>Creates the loggers.</summary>
    public ILoggerFactory Loggers => _loggers;

    /// <summary>The lowest level that is written; a change applies to all loggers at once.</summary>
    public LogLevel Level
    {
        get => _filter.CurrentValue.MinLevel;
        set => _filter.Change(value);
    }

    /// <summary>The number of lines that were dropped so far.</summary>
    public long DroppedLines => _output.DroppedLines;

    /// <summary>Creates a pipeline that writes to standard output.</summary>
    public static LogPipeline ToStandardOutput(
        LogFormat format, LogLevel level, TimeProvider timeProvider, EventRecorder? events = null) =>
        new(Console.OpenStandardOutput(), format, level, timeProvider, events);

    public void Dispose()
    {
        _loggers.Dispose();
        _output.Dispose();
    }

    private static byte[] DescribeDropped(LogFormat format, DateTimeOffset time, long lines)
    {
        var line = LogLine.Create(format);
        line.Begin(time, LogLevel.Warning, EventIds.LinesDropped, "log lines dropped, the output was blocked, full or closed");
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

    private sealed class LevelFilter(LogLevel level, IEnumerable<LoggerFilterRule> rules) : IOptionsMonitor<LoggerFilterOptions>
    {
        private Action<LoggerFilterOptions, string?>? _changed; // the factory listens as long as it lives

        public LoggerFilterOptions CurrentValue { get; private set; } = Options(level, rules);

        public LoggerFilterOptions Get(string? name) => CurrentValue;

        public void Change(LogLevel next)
        {
            CurrentValue = Options(next, rules);
            _changed?.Invoke(CurrentValue, null);
        }

        public IDisposable? OnChange(Action<LoggerFilterOptions, string?> listener)
        {
            _changed += listener;
            return null;
        }

        // The level applies to the providers that no rule names.
        private static LoggerFilterOptions Options(LogLevel level, IEnumerable<LoggerFilterRule> rules)
        {
            var options = new LoggerFilterOptions { MinLevel = level };
            foreach (LoggerFilterRule rule in rules)
                options.Rules.Add(rule);
            return options;
        }
    }
}
