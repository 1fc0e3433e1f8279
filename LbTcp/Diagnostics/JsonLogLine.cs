using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>
/// The JSON form: <c>{"time":"...","level":"info","event":300,"message":"connection closed","id":"1f3",...}</c>, where <c>event</c> is one
/// of the <see cref="EventIds"/>. Everything outside ASCII is escaped.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A writer without a stream holds nothing but memory.")]
internal sealed class JsonLogLine : LogLine
{
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });

    public override LogFormat Format => LogFormat.Json;

    public override bool RepeatsMessageValues => true;

    public override void Text(ReadOnlySpan<byte> name, ReadOnlySpan<char> value) => _json.WriteString(name, value);

    public override void Number(ReadOnlySpan<byte> name, long value) => _json.WriteNumber(name, value);

    public override void Number(ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
            _json.WriteNumber(name, value);
        else
            _json.WriteNull(name); // JSON cannot represent it
    }

    public override void Flag(ReadOnlySpan<byte> name, bool value) => _json.WriteBoolean(name, value);

    public override void Duration(ReadOnlySpan<byte> name, TimeSpan value) => _json.WriteNumber(name, value.TotalSeconds);

    public override void List(ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        _json.WriteStartArray(name);
        foreach (string value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    public override ReadOnlySpan<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        Buffer.Write("\n"u8);
        return Buffer.WrittenSpan;
    }

    protected override void BeginCore(ReadOnlySpan<byte> time, ReadOnlySpan<byte> level, EventId eventId, string message)
    {
        _json.Reset(Buffer);
        _json.WriteStartObject();
        _json.WriteString("time"u8, time);
        _json.WriteString("level"u8, level);
        _json.WriteNumber("event"u8, eventId.Id);
        _json.WriteString("message"u8, message);
    }
}
