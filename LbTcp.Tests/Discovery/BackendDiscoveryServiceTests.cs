using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class BackendDiscoveryServiceTests : IAsyncLifetime
{
    private readonly DiscoveryFixture _fixture = new();

    private ScriptedDns Dns => _fixture.Dns;

    [Fact]
    public async Task Apply_Service_BecomesItsTargetsWithPortPriorityAndWeight()
    {
        Dns.Answer("_http._tcp.web", 60, new ServiceTarget("a.lan", 8001, 10, 3), new ServiceTarget("b.lan", 8002, 20, 1),
            new ServiceTarget("c.lan", 8003, 10, 6));
        Dns.Answer("a.lan", 60, "10.0.0.1");
        Dns.Answer("b.lan", 60, "10.0.0.2", "10.0.0.3");

        await _fixture.StartAsync("srv+http://_http._tcp.web name=w");

        Assert.Equal(
            ["w/10.0.0.1:8001 3 False", "w/c.lan:8003 6 False", "w/10.0.0.2:8002 1 True", "w/10.0.0.3:8002 1 True"],
            _fixture.Pool.GetAllBackends().Select(each => $"{each.Name} {each.Weight} {each.Options.IsBackup}"));
        Assert.Equal(["w/10.0.0.1:8001"], _fixture.Pool.Snapshot.Available.Names());
    }

    [Fact]
    public async Task Refresh_ServiceChanges_FollowsTargetsAndWeights()
    {
        Dns.Answer("a.lan", 60, "10.0.0.1");
        Dns.Answer("b.lan", 60, "10.0.0.2");
        Dns.Answer("_x._tcp.web", 5, new ServiceTarget("a.lan", 80, 10, 3));
        await _fixture.StartAsync("srv+tcp://_x._tcp.web");
        Assert.Equal(["_x._tcp.web/10.0.0.1:80 = 10.0.0.1:80"], _fixture.Members);

        Dns.Answer("_x._tcp.web", 5, new ServiceTarget("a.lan", 80, 10, 4), new ServiceTarget("b.lan", 80, 10, 3));
        await _fixture.PassAsync(TimeSpan.FromSeconds(5), "_x._tcp.web");
        await _fixture.Names.WhenIdleAsync().Done();
        _fixture.Discovery.Refresh();

        Assert.Equal(["_x._tcp.web/10.0.0.1:80 = 10.0.0.1:80", "_x._tcp.web/10.0.0.2:80 = 10.0.0.2:80"], _fixture.Members);
        Assert.Equal(
            "discovery changed backend=_x._tcp.web/10.0.0.1:80 weight=4 was=3", _fixture.Logs.Message(EventIds.WeightChanged));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.EndAsync();
}
