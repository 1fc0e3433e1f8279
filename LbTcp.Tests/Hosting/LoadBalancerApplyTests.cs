using LbTcp.Backends;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

/// <summary>A new list of backends while the service runs.</summary>
public sealed class LoadBalancerApplyTests : IDisposable
{
    private readonly LoadBalancerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Apply_OtherBackends_OldConnectionsStayAndNewClientsGoToTheNewOnes()
    {
        LoadBalancer balancer = _fixture.Create();
        Task<bool> run = Task.Run(() => new ServiceGroup([balancer]).RunAsync(_fixture.Stopping.Token, _fixture.Aborting.Token));
        InMemoryConnection first = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Dials.Count == 1, "the first client is connected");

        PoolChange change = balancer.Apply(Pools.Options("10.0.0.2:80"));
        _ = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Dials.Count == 2, "the second client is connected");

        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], _fixture.Dials);
        Assert.Equal(["10.0.0.2:80"], change.Added.Names());
        Assert.Equal(["10.0.0.1:80"], change.Removed.Names());
        Assert.False(first.IsReset);
        await _fixture.StopAsync(run);
    }
}
