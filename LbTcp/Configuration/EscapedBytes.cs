using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace LbTcp.Configuration;

/// <summary>A few bytes, written as ASCII text with escapes. Equal when the bytes are.</summary>
internal sealed class EscapedBytes : IEquatable<EscapedBytes>
{
    /// <summary>The accepted texts, as the end of a sentence with "is not".</summary>
    public const string Range = @"1 to 1024 bytes as ASCII text, with \r, \n, \t, \0, \\ and \xNN for other bytes";

    private const int MaxLength = 1024;

    // What each escape with one letter stands for.
    private const string Letters = @"rnt0\";
    private const string Meanings = "\r\n\t\0\\";

    private static readonly byte[] _unprintable =
        [.. Enumerable.Range(0, 256).Where(code => code is < ' ' or > '~').Select(code => (byte)code)];
    private static readonly SearchValues<byte> _notInQuotes = SearchValues.Create([.. _unprintable, (byte)'\'']);
    private static readonly SearchValues<byte> _notInWords = SearchValues.Create([.. _unprintable, .. " ,#\"'`$"u8]);

    private readonly byte[] _bytes;

    private EscapedBytes(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes, at least one.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Reads a text. Characters of ASCII that need no escape may stand for themselves, control characters included.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The bytes if the text is accepted.</param>
    /// <param name="error">Otherwise what is wrong, in one sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out EscapedBytes? value, [NotNullWhen(false)] out string? error)
    {
        var bytes = new List<byte>(Math.Min(text.Length, MaxLength));
        error = null;
        for (int i = 0, length; i < text.Length && error is null && bytes.Count <= MaxLength; i += length)
        {
            length = Read(text.AsSpan(i), out byte next);
            if (length == 0)
                error = Problem(text, text.AsSpan(i));
            else
                bytes.Add(next);
            length = Math.Max(length, 1);
        }

        if (bytes.Count is 0 or > MaxLength)
            error ??= $"{Quoted.Text(text)} is not {Range}.";
        value = error is null ? new EscapedBytes([.. bytes]) : null;
        return value is not null;
    }

    /// <summary>Formats bytes for a message, in single quotes.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes) => $"'{Format(bytes, _notInQuotes)}'";

    private static string Format(ReadOnlySpan<byte> bytes, SearchValues<byte> escaped)
    {
        var text = new StringBuilder(bytes.Length + 8);
        foreach (byte value in bytes)
        {
            int letter = Meanings.IndexOf((char)value, StringComparison.Ordinal);
            if (letter >= 0)
                text.Append('\\').Append(Letters[letter]);
            else if (escaped.Contains(value))
                text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}");
            else
                text.Append((char)value);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(EscapedBytes? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EscapedBytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>
    /// The bytes as <see cref="TryParse"/> reads them: one word in a file, on the command line and in a shell's double quotes.
    /// </summary>
    public override string ToString() => Format(_bytes, _notInWords);

    /// <summary>Reads one byte.</summary>
    /// <returns>The number of characters that stand for it; 0 if the text is wrong there.</returns>
    private static int Read(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        if (text[0] != '\\')
        {
            value = (byte)text[0];
            return char.IsAscii(text[0]) ? 1 : 0;
        }

        if (text is [_, 'x', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
        {
            value = byte.Parse(text[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return 4;
        }

        int letter = text.Length > 1 ? Letters.IndexOf(text[1], StringComparison.Ordinal) : -1;
        if (letter < 0)
            return 0;
        value = (byte)Meanings[letter];
        return 2;
    }

    private static string Problem(string text, ReadOnlySpan<char> wrong) => wrong[0] == '\\'
        ? $@"{Quoted.Text(text)} has the unknown escape {Quoted.Text(Start(wrong))}; use \r, \n, \t, \0, \\ or \xNN."
        : $@"{Quoted.Text(text)} has the character {Quoted.Text(wrong[..1].ToString())}, which is not ASCII; write its bytes as \xNN.";

    private static string Start(ReadOnlySpan<char> wrong) => wrong[..Math.Min(wrong.Length, wrong is [_, 'x', ..] ? 4 : 2)].ToString();
}
