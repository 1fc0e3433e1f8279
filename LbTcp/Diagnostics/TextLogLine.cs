using System.Buffers;
using System.Buffers.Text;
using System.Text;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>The text form: <c>2026-11-22T16:04:05.123Z info connection closed id=1f3 attempts="web2:timed out"</c>.</summary>
/// <param name="hasHead">Whether lines begin with the time and the level.</param>
internal sealed class TextLogLine(bool hasHead = true) : TextualLogLine
{
    // Printable ASCII that needs no quotes.
    private static readonly SearchValues<char> _plain = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Except(['"', '\\', '='])]);

    public override void Text(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        BeginField(name);
        if (value.Length > 0 && !value.ContainsAnyExcept(_plain))
            Write(value);
        else
            WriteQuoted(value.ToString());
    }

    public override void Number(ReadOnlySpan<byte> name, long value)
    {
        BeginField(name);
        _ = Utf8Formatter.TryFormat(value, Buffer.GetSpan(20), out int length);
        Buffer.Advance(length);
    }

    public override ReadOnlySpan<byte> End()
    {
        Buffer.Write("\n"u8);
        return Buffer.WrittenSpan;
    }

    protected override void BeginCore(ReadOnlySpan<byte> time, ReadOnlySpan<byte> level, EventId eventId, string message)
    {
        if (hasHead)
        {
            Buffer.Write(time);
            Buffer.Write(" "u8);
            Buffer.Write(level);
            Buffer.Write(" "u8);
        }

        Write(SafeText.Escape(message));
    }

    private void BeginField(ReadOnlySpan<byte> name)
    {
        Buffer.Write(" "u8);
        Buffer.Write(name);
        Buffer.Write("="u8);
    }

    // Quotes and backslashes of the value are escaped first, so that the quoted form is unambiguous.
    private void WriteQuoted(string value)
    {
        Buffer.Write("\""u8);
        Write(SafeText.Escape(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)));
        Buffer.Write("\""u8);
    }

    private void Write(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, Buffer);
}
