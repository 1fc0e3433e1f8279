using LbTcp.Cli;
using LbTcp.Configuration;

namespace LbTcp.Tests.Cli;

public class ErrorReportTests
{
    [Fact]
    public void Format_OneErrorWithoutALine_IsOneSentence()
    {
        Assert.Equal("lbtcp: f does not exist.\n", Format(new ConfigurationError("f", "f does not exist.")));
        Assert.Equal("lbtcp: No. See there.\n", ErrorReport.Format([new("f", "No.")], "See there.", "\n"));
    }

    [Fact]
    public void Format_ErrorsOfALine_AreQuotedWithTheirCaretAndCounted() => Assert.Equal(
        """
        f:2:5: unknown option
          2 | a:1 x
            |     ^
        g:3: no column
        lbtcp: h does not exist.
        lbtcp: 3 errors in f and g and h

        """,
        Format(new("f", "unknown option", 2, 5, "a:1 x"), new("g", "no column", 3), new("h", "h does not exist.")));

    [Fact]
    public void Format_ErrorsOfManySources_AreCountedOnly() => Assert.EndsWith(
        "\nlbtcp: 4 errors. See there.\n", ErrorReport.Format(Errors(4, "fgh!"), "See there.", "\n"), StringComparison.Ordinal);

    [Fact]
    public void Format_ManyErrors_AreCutAndCounted()
    {
        string[] lines = Format(Errors(1001, "f")).Split('\n');
        Assert.Equal(1003, lines.Length);
        Assert.Equal("f:1000: wrong", lines[999]);
        Assert.Equal(["... and 1 more", "lbtcp: 1001 errors in f", ""], lines[1000..]);
    }

    [Fact]
    public void Format_MoreThanTwentyErrors_ShowsTheLinesOfTheFirstOnes()
    {
        ConfigurationError[] errors = [.. Errors(21, "f").Select(error => error with { Column = 1, LineText = "text" })];

        Assert.Equal(20, Format(errors).Split('\n').Count(line => line.EndsWith(" | text", StringComparison.Ordinal)));
    }

    private static ConfigurationError[] Errors(int count, string sources) =>
        [.. Enumerable.Range(0, count).Select(i => new ConfigurationError($"{sources[i % sources.Length]}", "wrong", i + 1))];

    private static string Format(params ConfigurationError[] errors) => ErrorReport.Format(errors, null, "\n");
}
