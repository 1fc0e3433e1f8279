using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Hosting;

/// <summary>What happens when one of the loops that a service runs beside accepting fails.</summary>
public sealed class LoadBalancerLoopTests : IDisposable
{
    private readonly LoadBalancerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_HealthChecksFailByADefect_StopsInOrderAndLogsIt()
    {
        bool isBroken = false;
        _fixture.Tickers.Add(new Ticker(
            "health checks", () => TimeSpan.FromSeconds(1), _ => Assert.False(
                Volatile.Read(ref isBroken), "the scheduler of the probes is broken")));
        Task<bool> run = _fixture.Run();
        InMemoryConnection client = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "a client is served");

        Volatile.Write(ref isBroken, true);
        await Until.TrueAsync(
            () =>
            {
                _fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
                return _fixture.DrainLogs.Of(EventIds.Draining).Count == 1;
            },
            "it drains");
        await _fixture.EndAsync(client);

        Assert.False(await run.Done());
        LogRecord record = _fixture.Logs.Single(EventIds.ServiceFailed);
        Assert.Equal((LogLevel.Critical, "health checks"), (record.Level, record["Loop"]));
        Assert.Equal(ConnectionEndReason.Completed, Assert.Single(_fixture.HandlerLogs.States<ConnectionEndRecord>()).Reason);
    }

    [Fact]
    public async Task RunAsync_Stopping_TicksUntilTheLastConnectionHasEnded()
    {
        int ticks = 0;
        _fixture.Tickers.Add(new Ticker("test", () => TimeSpan.FromSeconds(1), _ => Interlocked.Increment(ref ticks)));
        Task<bool> run = _fixture.Run();
        InMemoryConnection client = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "a client is served");

        await _fixture.Stopping.CancelAsync();
        await Until.TrueAsync(() => _fixture.DrainLogs.Of(EventIds.Draining).Count == 1, "it drains");
        int before = Volatile.Read(ref ticks);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => Volatile.Read(ref ticks) > before, "a tick during the drain");
        await _fixture.EndAsync(client);

        Assert.True(await run.Done());
        before = Volatile.Read(ref ticks);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before, Volatile.Read(ref ticks));
    }
}
