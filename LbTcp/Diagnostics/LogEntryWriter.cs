using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Diagnostics;

/// <summary>Writes what a logger was given to a <see cref="LogLine"/>: the message, then the fields.</summary>
internal static class LogEntryWriter
{
    private const string TemplateKey = "{OriginalFormat}";

    /// <summary>Begins a line and writes the record; the caller ends it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="time">The time of the record.</param>
    /// <param name="entry">The record.</param>
    public static void WriteRecord<TState>(this LogLine line, DateTimeOffset time, in LogEntry<TState> entry)
    {
        if (entry.State is ILogRecord record)
        {
            line.Begin(time, entry.LogLevel, entry.EventId, record.Message);
            record.WriteFields(line);
        }
        else if (entry.State is IReadOnlyList<KeyValuePair<string, object?>> values && FindTemplate(values) is { } template)
        {
            line.Begin(time, entry.LogLevel, entry.EventId, template.Message(values));
            WriteFields(line, values, template);
        }
        else
        {
            line.Begin(time, entry.LogLevel, entry.EventId, entry.Formatter(entry.State, entry.Exception));
        }

        if (entry.Exception is not null)
            line.Text("exception"u8, entry.Exception.ToString());
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
