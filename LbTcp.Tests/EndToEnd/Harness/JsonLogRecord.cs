using System.Text.Json;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>One line of the program's log in JSON.</summary>
internal sealed class JsonLogRecord
{
    private readonly string _line;
    private readonly JsonElement _fields;

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not one JSON object.</exception>
    public JsonLogRecord(string line)
    {
        _line = line;
        _fields = JsonElement.Parse(line);
    }

    /// <summary>The event id, one of <see cref="LbTcp.Diagnostics.EventIds"/>.</summary>
    public int Event => _fields.GetProperty("event").GetInt32();

    public string Level => this["level"]!;

    public string Message => this["message"]!;

    /// <summary>A field as text; null when the record does not have it.</summary>
    public string? this[string field] => _fields.TryGetProperty(field, out JsonElement value) ? value.ToString() : null;

    /// <summary>A field that is a number.</summary>
    public double Number(string field) => _fields.GetProperty(field).GetDouble();

    public override string ToString() => _line;
}
