using LbTcp.Cli;
using LbTcp.Cli.Operate;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Operate;

public class BackendSelectorTests
{
    private static readonly BackendStatus[] _backends =
    [
        Samples.Web1, Samples.Web2, Samples.Web1 with { Service = "api", Address = "10.0.2.4:3001" },
        Samples.Web1 with { Service = "api", Name = "unix:/run/a.sock", Address = "unix:/run/a.sock" },
    ];

    [Theory]
    [InlineData("web2", "", "web/web2")]
    [InlineData("web/web1", "", "web/web1")]
    [InlineData("web1", "api", "api/web1")]
    [InlineData("10.0.1.4:3001", "", "web/web1")]
    [InlineData("http://10.0.1.4:3001", "", "web/web1")]
    [InlineData("tcp://10.0.2.4:3001/", "", "api/web1")]
    [InlineData("web/http://10.0.1.5:3001", "", "web/web2")]
    [InlineData("unix:/run/a.sock", "", "api/unix:/run/a.sock")]
    [InlineData("api/unix:/run/a.sock", "", "api/unix:/run/a.sock")]
    public void One_NameAddressOrUrl_IsFound(string text, string service, string expected)
    {
        BackendStatus found = BackendSelector.One(_backends, text, service);
        Assert.Equal(expected, $"{found.Service}/{found.Name}");
    }

    [Theory]
    [InlineData("web1", "", "'web1' is a backend of several services; write web/web1 or api/web1.")]
    [InlineData("wbe2", "", "There is no backend 'wbe2'; did you mean web2?")]
    [InlineData("nonsense", "web", "There is no backend 'nonsense'; there are web1 and web2.")]
    [InlineData("web1", "ap", "There is no service 'ap'; there are web and api.")]
    [InlineData("a\u001b[2J", "web", @"There is no backend 'a\u001B[2J'; there are web1 and web2.")]
    public void One_AmbiguousOrUnknown_IsRefusedWithTheCandidates(string text, string service, string sentence)
    {
        var exception = Assert.Throws<OperatorException>(() => BackendSelector.One(_backends, text, service));
        Assert.Equal(sentence, exception.Message);
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
    }
}
