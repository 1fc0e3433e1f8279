using LbTcp.Cli;

namespace LbTcp.Tests.Cli;

public class LineExcerptTests
{
    [Theory]
    [InlineData(7, 1, "a:x", "  7 | a:x\n    | ^\n")]
    [InlineData(12, 5, "a:1 wieght=2", "  12 | a:1 wieght=2\n     |     ^\n")]
    [InlineData(1, 4, "a:1", "  1 | a:1\n    |    ^\n")]
    [InlineData(1, 99, "a:1", "  1 | a:1\n    |    ^\n")]
    [InlineData(1, 0, "", "  1 | \n    | ^\n")]
    [InlineData(1, 6, "\ta:1\tx", "  1 | \ta:1\tx\n    | \t   \t^\n")]
    [InlineData(1, 3, "\u001b x", "  1 | \\u001B x\n    |        ^\n")]
    [InlineData(1, 3, "漢 x", "  1 | 漢 x\n    |    ^\n")]
    [InlineData(1, 4, "😀 x", "  1 | 😀 x\n    |    ^\n")]
    [InlineData(1, 2, "😀 x", "  1 | 😀 x\n    | ^\n")]
    [InlineData(1, 4, "e\u0301 x", "  1 | e\u0301 x\n    |   ^\n")]
    public void Format_Column_HasTheCaretBelowIt(int number, int column, string text, string expected) =>
        Assert.Equal(expected, LineExcerpt.Format(number, column, text, "\n"));

    // An attribute cannot hold half a pair.
    [Fact]
    public void Format_HalfASurrogatePair_IsEscaped() =>
        Assert.Equal("  1 | \\uD800 x\n    |        ^\n", LineExcerpt.Format(1, 3, "\ud800 x", "\n"));

    [Fact]
    public void Format_LongLine_IsCutAroundTheCaret()
    {
        string text = $"{new string('a', 1000)}X{new string('b', 1000)}";
        string before = new('a', 40);
        Assert.Equal(
            $"  1 | ...{before}X{new string('b', 59)}...\n    |    {new string(' ', 40)}^\n", LineExcerpt.Format(1, 1001, text, "\n"));
        Assert.Equal($"  1 | {new string('a', 60)}...\n    | ^\n", LineExcerpt.Format(1, 1, text, "\n"));
    }

    [Fact]
    public void Format_LongLineOfPairs_IsCutBetweenThem()
    {
        string text = string.Concat(Enumerable.Repeat("x😀", 100));
        for (int column = 1; column <= text.Length; column++)
            Assert.DoesNotContain("\\u", LineExcerpt.Format(1, column, text, "\n"), StringComparison.Ordinal);
    }
}
