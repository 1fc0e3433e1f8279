using LbTcp.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LbTcp.Diagnostics;

/// <summary>
/// Writes each record as one line directly to the <see cref="LogOutput"/>. The console logger queues only what a formatter leaves in its
/// text writer; this one leaves nothing, because that queue wakes its thread for every line, makes callers wait or write themselves when
/// standard output is blocked or closed, and reports dropped lines in a format of its own.
/// </summary>
internal sealed class LineFormatter(LogFormat format, LogOutput output, TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name by which the console logger's options refer to this formatter.</summary>
    public const string FormatterName = "lbtcp";

    [ThreadStatic]
    private static LogLine? _line;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        LogLine line = _line is { } last && last.Format == format ? last : _line = LogLine.Create(format);
        line.WriteRecord(timeProvider.GetUtcNow(), logEntry);
        output.Append(line.End());
    }
}
