using System.Globalization;
using System.Text;

namespace LbTcp.Cli.Terminals;

/// <summary>The number of columns that a character takes on a terminal.</summary>
internal static class TerminalWidth
{
    private const char Ellipsis = '…';

    // East Asian wide and fullwidth characters and emoji, in the ranges of Markus Kuhn's wcwidth and Unicode's emoji blocks
    // (https://www.unicode.org/reports/tr11/).
    private static readonly (int First, int Last)[] _wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3040, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>0 for a character that is drawn over the one before it, 2 for a wide one, otherwise 1.</summary>
    public static int Of(Rune character) => Rune.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => Array.Exists(_wide, range => character.Value >= range.First && character.Value <= range.Last) ? 2 : 1,
    };

    /// <summary>The sum of the columns of its characters.</summary>
    public static int Of(string text)
    {
        int width = 0;
        foreach (Rune character in text.EnumerateRunes())
            width += Of(character);
        return width;
    }

    /// <summary>The text, cut to a number of columns with an ellipsis at the end if it is longer.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        var kept = new StringBuilder();
        int used = 1;
        foreach (Rune character in text.EnumerateRunes())
        {
            used += Of(character);
            if (used > width)
                break;
            kept.Append(character);
        }

        return width < 1 ? "" : kept.Append(Ellipsis).ToString();
    }
}
