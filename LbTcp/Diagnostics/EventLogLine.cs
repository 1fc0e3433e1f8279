using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>Collects the message and the fields of one record, in place of a line. Used for one record.</summary>
internal sealed class EventLogLine : TextualLogLine
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>The message, without the fields.</summary>
    public string Message { get; private set; } = "";

    /// <summary>The fields with their values as in the log, unescaped, in the order of the line.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => _fields;

    public override void Text(ReadOnlySpan<byte> name, ReadOnlySpan<char> value) =>
        _fields.Add(new KeyValuePair<string, string>(Encoding.UTF8.GetString(name), value.ToString()));

    public override void Number(ReadOnlySpan<byte> name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public override ReadOnlySpan<byte> End() => [];

    /// <summary>Removes the field of that name and returns its value; null if there is none.</summary>
    public string? Take(string name)
    {
        int index = _fields.FindIndex(field => field.Key == name);
        if (index < 0)
            return null;
        string value = _fields[index].Value;
        _fields.RemoveAt(index);
        return value;
    }

    protected override void BeginCore(ReadOnlySpan<byte> time, ReadOnlySpan<byte> level, EventId eventId, string message) =>
        Message = message;
}
