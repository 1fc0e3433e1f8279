using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public sealed class AccessFileTests
{
    [Theory]
    [InlineData("allow 10.0.0.0/8\ndeny all\n")]
    [InlineData("allow 10.0.0.0/8\r\ndeny all")]
    [InlineData("\n # first\n\tallow \t 10.0.0.0/8 # the office\n\ndeny all\t#\n#deny unix")]
    public void TryParse_BlanksAndComments_AreNoRules(string text) =>
        Assert.Equal(["allow 10.0.0.0/8", "deny all"], Parsed(text).Rules.Select(rule => rule.ToString()));

    [Fact]
    public void TryParse_Rules_KnowTheirLines() =>
        Assert.Equal([2, 4], Parsed("# x\ndeny 10.0.0.1\n\ndeny 10.0.0.1").Rules.Select(rule => rule.Line));

    [Fact]
    public void TryParse_NoRules_IsAFileWithoutRules() => Assert.Empty(Parsed("# nothing yet\n").Rules);

    [Theory]
    [InlineData("alow 10.0.0.0/8", "f:1:1: 'alow' is neither allow nor deny; did you mean allow?")]
    [InlineData("\n  block 10.0.0.0/8", "f:2:3: 'block' is neither allow nor deny; write deny 10.0.0.0/8.")]
    [InlineData("Deny 10.0.0.0/8", "f:1:1: 'Deny' is neither allow nor deny; did you mean deny?")]
    [InlineData("10.0.0.0/8", "f:1:1: '10.0.0.0/8' lacks its rule; write allow 10.0.0.0/8 or deny 10.0.0.0/8.")]
    [InlineData("deny # all", "f:1:1: The network is missing; write deny 10.0.0.0/8, or deny all.")]
    [InlineData("deny 10.0.0.0/8  10.1.0.0/16", "f:1:18: '10.1.0.0/16' is too much; write one rule per line.")]
    [InlineData("deny  10.0.0.300", "f:1:7: '10.0.0.300' is not an address, a network such as 10.0.0.0/8, all or unix.")]
    [InlineData(" deny 10.0.0.1/8", "f:1:7: '10.0.0.1/8' is an address within a network; "
        + "write 10.0.0.0/8, or 10.0.0.1 for the address alone.")]
    public void TryParse_WrongLine_IsRefusedWithItsPlace(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(Errors(text)).ToString());

    [Fact]
    public void TryParse_WrongLines_AreAllReportedAndQuoted()
    {
        IReadOnlyList<ConfigurationError> errors = Errors("allow x # 1\r\nallow all\ndrop all\n");
        Assert.Equal(["allow x # 1", "drop all"], errors.Select(error => error.LineText));
    }

    [Fact]
    public void TryParse_FileOfSomethingElse_IsNotReadToItsEnd() =>
        Assert.Equal(1000, Errors(string.Join('\n', Enumerable.Repeat("x", 5000))).Count);

    [Fact]
    public void TryRead_MissingFile_SaysSo()
    {
        Assert.False(AccessFile.TryRead("/nonexistent/access", out _, out IReadOnlyList<ConfigurationError> errors));
        Assert.Equal("/nonexistent/access does not exist.", Assert.Single(errors).ToString());
    }

    [Fact]
    public void Equals_GoesByTheText()
    {
        Assert.Equal(Parsed("deny all"), Parsed("deny all"));
        Assert.NotEqual(Parsed("deny 10.0.0.1"), Parsed("deny 10.0.0.2"));
    }

    [Fact]
    public void ToString_SameNumberOfOtherRules_IsAnotherText()
    {
        string text = Parsed("deny 10.0.0.1").ToString();
        Assert.Matches(@"^1 rule \([0-9a-f]{8}\)$", text);
        Assert.NotEqual(text, Parsed("deny 10.0.0.2").ToString());
    }

    private static AccessFile Parsed(string text)
    {
        Assert.True(AccessFile.TryParse("f", text, out AccessFile? file, out _));
        return file;
    }

    private static IReadOnlyList<ConfigurationError> Errors(string text)
    {
        Assert.False(AccessFile.TryParse("f", text, out _, out IReadOnlyList<ConfigurationError> errors));
        return errors;
    }
}
