using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Hosting;

/// <summary>What happens to open connections when the balancer stops.</summary>
public sealed class LoadBalancerDrainTests : IDisposable
{
    private readonly LoadBalancerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_StopRequestedWithNothingOpen_StopsAtOnceAndClosesThePort()
    {
        Task<bool> run = _fixture.Run();

        await _fixture.Stopping.CancelAsync();

        Assert.True(await run.Done());
        _fixture.Script.Listener.Received().Dispose();
        Assert.Empty(_fixture.DrainLogs.Of(EventIds.Draining));
    }

    // A reload may take a port away from a service that a stop has closed meanwhile.
    [Fact]
    public async Task RemovePortAsync_AfterTheStop_FindsNoPort()
    {
        using LoadBalancer balancer = _fixture.Create();
        ServicePort port = Assert.Single(balancer.Ports);
        balancer.Start();
        await balancer.CloseAsync(CancellationToken.None).Done();

        Assert.False(await balancer.RemovePortAsync(port, CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_Stopping_LetsOpenConnectionsFinish()
    {
        Task<bool> run = _fixture.Run();
        InMemoryConnection client = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "the client is served");

        await _fixture.Stopping.CancelAsync();
        await _fixture.Clock.HasTimersAsync(3);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => _fixture.DrainLogs.Of(EventIds.DrainProgress).Count == 1, "it logs its progress");
        Assert.False(run.IsCompleted);
        await _fixture.EndAsync(client);

        Assert.True(await run.Done());
        Assert.Equal("drained completed=1 cut=0 duration=00:00:01", Assert.Single(_fixture.DrainLogs.Of(EventIds.Drained)).Message);
        Assert.Equal(ConnectionEndReason.Completed, Assert.Single(_fixture.HandlerLogs.States<ConnectionEndRecord>()).Reason);
    }

    [Fact]
    public async Task RunAsync_DrainTakesTooLong_CutsWhatIsLeft()
    {
        Task<bool> run = _fixture.Run();
        InMemoryConnection client = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "the client is served");
        await _fixture.Stopping.CancelAsync();
        await _fixture.Clock.HasTimersAsync(3);

        for (int second = 1; second < 30; second++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await Until.TrueAsync(() => _fixture.DrainLogs.Of(EventIds.DrainProgress).Count == second, "it logs its progress");
        }

        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await run.Done());
        Assert.True(client.IsReset);
        Assert.Equal("drained completed=0 cut=1 duration=00:00:30", Assert.Single(_fixture.DrainLogs.Of(EventIds.Drained)).Message);
        Assert.Equal(ConnectionEndReason.DrainTimeout, Assert.Single(_fixture.HandlerLogs.States<ConnectionEndRecord>()).Reason);
    }

    [Fact]
    public async Task RunAsync_SecondSignal_CutsAtOnce()
    {
        Task<bool> run = _fixture.Run();
        InMemoryConnection client = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "the client is served");

        await _fixture.Stopping.CancelAsync();
        await _fixture.Aborting.CancelAsync();

        Assert.True(await run.Done());
        Assert.True(client.IsReset);
        Assert.Equal(0, _fixture.Connections.Count);
    }
}
