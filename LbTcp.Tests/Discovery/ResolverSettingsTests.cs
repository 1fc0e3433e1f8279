using LbTcp.Discovery;

namespace LbTcp.Tests.Discovery;

public sealed class ResolverSettingsTests
{
    [Fact]
    public void Parse_FileOfKubernetes_IsUnderstood()
    {
        ResolverSettings settings = ResolverSettings.Parse(
            "# comment\nnameserver 10.96.0.10\r\nnameserver fd00::10\nnameserver nonsense\nsearch ns.svc.cluster.local svc.cluster.local.\n"
            + "options ndots:5 timeout:2 attempts:3 rotate edns0\n");

        Assert.Equal(["10.96.0.10:53", "[fd00::10]:53"], settings.NameServers.Select(server => server.ToString()));
        Assert.Equal(["ns.svc.cluster.local", "svc.cluster.local"], settings.Search);
        Assert.Equal((5, TimeSpan.FromSeconds(2), 3), (settings.Dots, settings.Timeout, settings.Attempts));
    }

    [Theory]
    [InlineData("")]
    [InlineData("options timeout:0 attempts:x ndots:\nnameserver\nsearch\n")]
    public void Parse_NothingUsable_IsTheDefault(string text)
    {
        ResolverSettings settings = ResolverSettings.Parse(text);

        Assert.Equal("127.0.0.1:53", Assert.Single(settings.NameServers).ToString());
        Assert.Empty(settings.Search);
        Assert.Equal((1, 2), (settings.Dots, settings.Attempts));
        Assert.InRange(settings.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Parse_DomainAfterSearch_TheLastCounts() => Assert.Equal(["b"], ResolverSettings.Parse("search a\ndomain b").Search);
}
