using System.Buffers;
using System.Globalization;
using System.Text;

namespace LbTcp.Configuration;

/// <summary>Makes text from outside safe for a log line or a terminal: one record is one line, and nothing in it is a command.</summary>
internal static class SafeText
{
    // C0 and C1 control characters, DEL, the Unicode line and paragraph separators, and the bidirectional overrides that can
    // make a line read differently from what it says (CVE-2021-42574).
    private static readonly SearchValues<char> _unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Append(0x2028).Append(0x2029)
            .Concat(Enumerable.Range(0x202A, 5)).Concat(Enumerable.Range(0x2066, 4)).Append(0xFEFF).Select(code => (char)code)]);

    /// <summary>
    /// The text with every unsafe character and unpaired surrogate written as <c>\uXXXX</c>; the same instance if there is none.
    /// </summary>
    public static string Escape(string text)
    {
        if (!NeedsEscape(text))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                escaped.Append(c).Append(text[++i]);
            else if (_unsafe.Contains(c) || char.IsSurrogate(c))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>Whether the text holds anything that <see cref="Escape"/> would change.</summary>
    public static bool NeedsEscape(ReadOnlySpan<char> text) => text.ContainsAny(_unsafe) || text.ContainsAnyInRange('\uD800', '\uDFFF');
}
