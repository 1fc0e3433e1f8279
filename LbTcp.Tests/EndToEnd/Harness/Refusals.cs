namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>How the program refuses what it cannot use: in words and with an exit code, never with a stack trace.</summary>
internal static class Refusals
{
    public static void AssertIsRefused(ProgramRun run, params string[] expectations)
    {
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        AssertIsASentence(run.Error);
        Assert.All(expectations, expectation => Assert.Contains(expectation, run.Error, StringComparison.Ordinal));
    }

    // The error, its line, a caret, and the number of errors, which a terminal shows as they are.
    public static void AssertIsReported(ProgramRun run, string expectation)
    {
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.InRange(run.Error.Length, 20, 800);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith(expectation, lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" ^", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("lbtcp: 1 error in ", lines[3], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Any(char.IsControl) || line.Contains('\u2028') || line.Contains("Exception"));
    }

    public static void AssertFailedToStart(ProgramRun run, string expectation)
    {
        Assert.Equal(1, run.ExitCode);
        AssertIsASentence(run.Error);
        Assert.Contains(expectation, run.Error, StringComparison.Ordinal);
    }

    // One or two sentences on one line that a terminal shows as they are.
    private static void AssertIsASentence(string text)
    {
        Assert.InRange(text.Length, 20, 600);
        string line = Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain(line, char.IsControl);
        Assert.DoesNotContain('\u2028', line);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
    }
}
