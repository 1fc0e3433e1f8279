using System.Text;
using LbTcp.Diagnostics;

namespace LbTcp.Cli.Operate.Views;

/// <summary>Formats events as the text form of the log. Not thread-safe.</summary>
internal sealed class EventLine
{
    private readonly TextLogLine _line = new();

    /// <summary>One line without its end; every text is escaped.</summary>
    public string Format(EventRecord record)
    {
        _line.Begin(record.Time, record.Level, record.Code, record.Message);
        Add("service", record.Service);
        Add("backend", record.Backend);
        foreach ((string name, string value) in record.Fields)
            Add(name, value);
        _line.Number("event"u8, record.Id);
        return Encoding.UTF8.GetString(_line.End()[..^1]); // without its line feed
    }

    private void Add(string name, string? value)
    {
        if (value is not null)
            _line.Text(Encoding.UTF8.GetBytes(Configuration.SafeText.Escape(name)), value);
    }
}
