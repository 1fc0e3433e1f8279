using System.Globalization;
using System.Text;
using LbTcp.Cli.Terminals;
using LbTcp.Configuration;

namespace LbTcp.Cli;

/// <summary>A line of a file with its number, and a caret under one of its characters; a long line is cut around the caret.</summary>
internal static class LineExcerpt
{
    /// <summary>The most characters that are shown before the caret, and from it on.</summary>
    private const int MostBefore = 40, MostAfter = 60;

    private const string Cut = "...";

    /// <summary>Formats the excerpt, as two lines.</summary>
    /// <param name="number">The number of the line.</param>
    /// <param name="column">The character to point at, from 1, in UTF-16 code units; one after the last is the end of the line.</param>
    /// <param name="text">The line, which comes from outside: it is escaped, except for tabs.</param>
    /// <param name="newLine">Ends each of the two lines.</param>
    public static string Format(int number, int column, string text, string newLine)
    {
        int caret = AtCharacter(text, Math.Clamp(column - 1, 0, text.Length));
        int start = caret > MostBefore ? AtCharacter(text, caret - MostBefore) : 0;
        int end = text.Length - caret > MostAfter ? AtCharacter(text, caret + MostAfter) : text.Length;
        var line = new StringBuilder(start > 0 ? Cut : "");
        var marker = new StringBuilder().Append(' ', line.Length);
        Append(line, marker, text[start..caret]);
        Append(line, null, text[caret..end]);
        line.Append(end < text.Length ? Cut : "");

        string margin = number.ToString(CultureInfo.InvariantCulture);
        return $"  {margin} | {line}{newLine}  {new string(' ', margin.Length)} | {marker}^{newLine}";
    }

    // A tab is copied to the marker, as its width depends on the terminal; anything else is as wide there as it is shown.
    private static void Append(StringBuilder line, StringBuilder? marker, string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = Rune.TryGetRuneAt(text, i, out Rune character) ? character.Utf16SequenceLength : 1;
            string shown = text[i] == '\t' ? "\t" : SafeText.Escape(text.Substring(i, length));
            bool isEscaped = shown.Length > length;
            line.Append(shown);
            if (shown == "\t")
                marker?.Append('\t');
            else
                marker?.Append(' ', isEscaped ? shown.Length : TerminalWidth.Of(character));
            i += length;
        }
    }

    // The index, or that before it if it is in the middle of a surrogate pair.
    private static int AtCharacter(string text, int index) =>
        index > 0 && index < text.Length && char.IsSurrogatePair(text[index - 1], text[index]) ? index - 1 : index;
}
