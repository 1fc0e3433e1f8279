using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public sealed class NearestWordTests
{
    [Theory]
    [InlineData("drian", "drain")]
    [InlineData("MAINT", "maint")]
    [InlineData("raedy", "ready")]
    [InlineData("redy", "ready")]
    [InlineData("m", null)]
    [InlineData("", null)]
    [InlineData("something", null)]
    public void Of_Text_FindsTheWordWithTheFewestEdits(string text, string? expected) =>
        Assert.Equal(expected, NearestWord.Of(text, ["ready", "drain", "maint", "m2"]));

    [Fact]
    public void Of_SeveralAreAsNear_TakesTheFirst() => Assert.Equal("web2", NearestWord.Of("web", ["web2", "web1"]));

    [Fact]
    public void Of_NoWords_FindsNone() => Assert.Null(NearestWord.Of("drain", []));
}
