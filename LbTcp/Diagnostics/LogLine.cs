using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>
/// Writes one record as one line of UTF-8: <see cref="Begin"/>, the fields, <see cref="End"/>; then it can be used for the next one. Field
/// names are snake_case; every value is escaped, regardless of its origin. Not thread-safe.
/// </summary>
internal abstract class LogLine
{
    private const int LargestKeptBuffer = 64 * 1024;

    /// <summary>The form of the line.</summary>
    public abstract LogFormat Format { get; }

    /// <summary>Whether values that are part of the message are written as fields as well.</summary>
    public abstract bool RepeatsMessageValues { get; }

    /// <summary>The part of the line that was written so far.</summary>
    protected ArrayBufferWriter<byte> Buffer { get; private set; } = new(512);

    /// <summary>Creates a line of the given format.</summary>
    public static LogLine Create(LogFormat format) => format switch
    {
        LogFormat.Text => new TextLogLine(),
        LogFormat.Json => new JsonLogLine(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    /// <summary>The word for a level: <c>info</c>, <c>warn</c>.</summary>
    public static ReadOnlySpan<byte> NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace"u8,
        LogLevel.Debug => "debug"u8,
        LogLevel.Information => "info"u8,
        LogLevel.Warning => "warn"u8,
        LogLevel.Error => "error"u8,
        LogLevel.Critical => "critical"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    /// <summary>Starts a new line; one that was not ended is discarded.</summary>
    public void Begin(DateTimeOffset time, LogLevel level, EventId eventId, string message)
    {
        if (Buffer.Capacity > LargestKeptBuffer)
            Buffer = new ArrayBufferWriter<byte>(512);
        Buffer.ResetWrittenCount();

        // "O" is the fast format; it has seven decimals of a second, of which three are kept.
        Span<byte> timeText = stackalloc byte[32];
        _ = time.UtcDateTime.TryFormat(timeText, out _, "O", CultureInfo.InvariantCulture);
        timeText[23] = (byte)'Z';
        BeginCore(timeText[..24], NameOf(level), eventId, message);
    }

    /// <summary>Adds a text.</summary>
    public abstract void Text(ReadOnlySpan<byte> name, ReadOnlySpan<char> value);

    /// <summary>Adds a whole number.</summary>
    public abstract void Number(ReadOnlySpan<byte> name, long value);

    /// <summary>Adds a number.</summary>
    public abstract void Number(ReadOnlySpan<byte> name, double value);

    /// <summary>Adds a Boolean.</summary>
    public abstract void Flag(ReadOnlySpan<byte> name, bool value);

    /// <summary>Adds a duration: with its unit in text, as a number of seconds in JSON.</summary>
    public abstract void Duration(ReadOnlySpan<byte> name, TimeSpan value);

    /// <summary>Adds a list of texts.</summary>
    public abstract void List(ReadOnlySpan<byte> name, IEnumerable<string> values);

    /// <summary>Ends the line.</summary>
    /// <returns>The line with its line feed; valid until the next <see cref="Begin"/>.</returns>
    public abstract ReadOnlySpan<byte> End();

    /// <summary>Adds an address, with its port where it has one.</summary>
    public void EndPoint(ReadOnlySpan<byte> name, EndPoint value)
    {
        if (value is IPEndPoint address)
            EndPoint(name, address);
        else
            Text(name, value.ToString());
    }

    /// <summary>Adds a number in hexadecimal, as a text.</summary>
    public void Hex(ReadOnlySpan<byte> name, long value)
    {
        Span<char> text = stackalloc char[16];
        _ = value.TryFormat(text, out int length, "x", CultureInfo.InvariantCulture);
        Text(name, text[..length]);
    }

    /// <summary>Adds a word of a closed vocabulary, in snake_case: <c>ClientReset</c> is written <c>client_reset</c>.</summary>
    public void Word(ReadOnlySpan<byte> name, string value)
    {
        Span<char> text = stackalloc char[SnakeCase.LongestResult(value.Length)];
        Text(name, text[..SnakeCase.Convert(value, text)]);
    }

    /// <summary>Adds a value of any type.</summary>
    public void Value(ReadOnlySpan<byte> name, object value)
    {
        switch (value)
        {
            case string text: Text(name, text); break;
            case bool flag: Flag(name, flag); break;
            case TimeSpan duration: Duration(name, duration); break;
            case EndPoint endPoint: EndPoint(name, endPoint); break;
            case Enum word: Word(name, word.ToString()); break;
            case int or long or short or byte or uint or ushort: Number(name, Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double or float: Number(name, Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case IEnumerable<string> list: List(name, list); break;
            default: Text(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    /// <summary>Starts the line after the buffer was emptied.</summary>
    protected abstract void BeginCore(ReadOnlySpan<byte> time, ReadOnlySpan<byte> level, EventId eventId, string message);

    private void EndPoint(ReadOnlySpan<byte> name, IPEndPoint value)
    {
        Span<char> text = stackalloc char[80]; // 39 for an IPv6 address, 11 for its scope, 8 for port and brackets
        _ = value.AddressFamily is AddressFamily.InterNetworkV6
            ? text.TryWrite(CultureInfo.InvariantCulture, $"[{value.Address}]:{value.Port}", out int length)
            : text.TryWrite(CultureInfo.InvariantCulture, $"{value.Address}:{value.Port}", out length);
        Text(name, text[..length]);
    }
}
