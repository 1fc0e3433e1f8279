using System.Globalization;
using System.Text;
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

    private const string TemplateKey = "{OriginalFormat}";

    [ThreadStatic]
    private static LogLine? _line;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        LogLine line = _line is { } last && last.Format == format ? last : _line = LogLine.Create(format);
        DateTimeOffset time = timeProvider.GetUtcNow();
        if (logEntry.State is ILogRecord record)
        {
            line.Begin(time, logEntry.LogLevel, logEntry.EventId, record.Message);
            record.WriteFields(line);
        }
        else if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values && FindTemplate(values) is { } template)
        {
            line.Begin(time, logEntry.LogLevel, logEntry.EventId, template.Message(values));
            WriteFields(line, values, template);
        }
        else
        {
            line.Begin(time, logEntry.LogLevel, logEntry.EventId, logEntry.Formatter(logEntry.State, logEntry.Exception));
        }

        if (logEntry.Exception is not null)
            line.Text("exception"u8, logEntry.Exception.ToString());
        output.Append(line.End());
    }

    private static LogTemplate? FindTemplate(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        foreach ((string key, object? value) in values)
        {
            if (key == TemplateKey && value is string template)
                return new LogTemplate(template);
        }

        return null;
    }

    private static void WriteFields(LogLine line, IReadOnlyList<KeyValuePair<string, object?>> values, LogTemplate template)
    {
        foreach ((string key, object? value) in values)
        {
            if (value is not null && key != TemplateKey && (line.RepeatsMessageValues || !template.IsInProse(key)))
                WriteField(line, key, value, template.FormatOf(key));
        }
    }

    private static void WriteField(LogLine line, string key, object value, string? format)
    {
        Span<char> name = stackalloc char[SnakeCase.LongestResult(key.Length)];
        Span<byte> utf8Name = stackalloc byte[3 * name.Length];
        utf8Name = utf8Name[..Encoding.UTF8.GetBytes(name[..SnakeCase.Convert(key, name)], utf8Name)];
        if (format is not null && value is IFormattable formattable)
            line.Text(utf8Name, formattable.ToString(format, CultureInfo.InvariantCulture));
        else
            line.Value(utf8Name, value);
    }
}
