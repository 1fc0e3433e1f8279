using LbTcp.Cli;
using LbTcp.Configuration;

namespace LbTcp.Tests.Cli;

/// <summary>
/// Backends files with random mistakes, the same in every run: every error has a place, and is printed with a caret there.
/// </summary>
public class BackendsFileFuzzTests
{
    private const string Characters = "a1:. \t\r\n#=[]/,\0\u001b\u00e9\u2028\ud800\udc00漢";

    private const string Right = """
        # web
        http://web1:3001 name=web1 weight=3 max_connections=100   # large
        http://web2:3001 name=web2 check=http health_path=/ready check_port=8081 check_interval=500ms

        [::1]:3001 name=v6 backup
        10.0.0.7:3001 check=none
        """;

    [Fact]
    public void Format_MutatedFile_HasTheCaretUnderTheWrongWord()
    {
        Assert.True(BackendsFile.TryParse("f", Right, out _, out _));
        var random = new Random(3);
        int wrong = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = Mutate(random, Right);
            if (BackendsFile.TryParse("f", text, out _, out IReadOnlyList<ConfigurationError> errors))
                continue;
            wrong++;
            Assert.All(errors, error => AssertPointsAtAWord(error, text.Split('\n')));
            Assert.Equal(errors.OrderBy(error => (error.Line, error.Column)), errors);
            Assert.DoesNotContain(
                ErrorReport.Format(errors, null, "\n"), character => char.IsControl(character) && character is not ('\t' or '\n'));
        }

        Assert.InRange(wrong, 10_000, 20_000);
    }

    private static string Mutate(Random random, string text)
    {
        for (int edits = random.Next(1, 6); edits > 0; edits--)
        {
            int at = random.Next(text.Length);
            int length = random.Next(Math.Min(4, text.Length - at));
            string[] lines = text.Split('\n');
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(random.Next(text.Length - length), length)),
                2 => text.Insert(at, $"{Characters[random.Next(Characters.Length)]}"),
                _ => string.Join('\n', lines.Append(lines[random.Next(lines.Length)])),
            };
        }

        return text;
    }

    private static void AssertPointsAtAWord(ConfigurationError error, string[] lines)
    {
        Assert.NotNull(error.Line);
        Assert.NotNull(error.Column);
        Assert.Equal(lines[error.Line.Value - 1].TrimEnd('\r'), error.LineText);
        int start = error.Column.Value - 1;
        Assert.InRange(start, 0, error.LineText!.Length - 1);
        Assert.DoesNotContain(error.LineText[start], " \t");
        Assert.True(start == 0 || error.LineText[start - 1] is ' ' or '\t' or '\r', error.ToString());
        AssertCaret(LineExcerpt.Format(error.Line.Value, error.Column.Value, error.LineText, "\n").Split('\n'), error.LineText[start..]);
    }

    // The caret is below the first character of the word, where no wide or combining character comes before it.
    private static void AssertCaret(string[] excerpt, string word)
    {
        int caret = excerpt[1].IndexOf('^', StringComparison.Ordinal);
        if (excerpt[0][..Math.Min(caret, excerpt[0].Length)].Contains('漢') || char.IsSurrogatePair(word.PadRight(2), 0)
            || excerpt[0].Any(char.IsSurrogate))
            return;
        string shown = SafeText.Escape(word[..1]);
        Assert.Equal(shown, excerpt[0].Substring(caret, shown.Length));
    }
}
