using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class BackendDiscoveryPrepareTests : IAsyncLifetime
{
    private readonly DiscoveryFixture _fixture = new();

    private ScriptedDns Dns => _fixture.Dns;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.EndAsync();

    [Fact]
    public async Task Abandon_NameWasPreparedWithoutAnAnswer_IsAskedForAnewTheNextTime()
    {
        await _fixture.StartAsync("10.0.0.1:80");
        var next = Pools.Options("web1:80");
        await _fixture.Discovery.PrepareAsync(next, CancellationToken.None).Done();
        Assert.Equal(["web1"], _fixture.Discovery.NamesThatLeaveNone(next));

        _fixture.Discovery.Abandon();
        Dns.Answer("web1", 30, "10.0.0.7");
        await _fixture.Discovery.PrepareAsync(next, CancellationToken.None).Done();

        Assert.Empty(_fixture.Discovery.NamesThatLeaveNone(next));
    }
}
