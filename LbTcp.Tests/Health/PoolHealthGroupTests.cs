using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

/// <summary>Ejections in pools whose backends are divided by server names.</summary>
public sealed class PoolHealthGroupTests
{
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");

    private readonly FakeTimeProvider _time = new();

    // Of x.example, a:1 is the last one, although other backends are healthy; of y.example, d:1 is still there.
    [Fact]
    public void Failed_LastOfItsGroup_IsNotEjected()
    {
        BackendPool pool = Pools.Of(
            "a:1 server_name=x.example/y.example", "b:1 server_name=x.example", "c:1 server_name=y.example", "d:1 server_name=y.example");
        PoolHealth health = Health(pool);
        Assert.True(pool.MarkUnhealthy("b:1"));

        Eject(health, pool.Named("a:1"));
        Eject(health, pool.Named("c:1"));

        Assert.Equal([true, false, false, true], pool.GetAllBackends().Select(backend => backend.IsHealthy));
    }

    [Fact]
    public void Changed_RestOfTheGroupGoesDown_EjectedOneReturns()
    {
        BackendPool pool = Pools.Of("a:1 server_name=x.example", "b:1 server_name=x.example", "c:1 server_name=y.example", "d:1");
        PoolHealth health = Health(pool);
        Eject(health, pool.Named("a:1"));
        Assert.False(pool.Named("a:1").IsHealthy);

        Check(health, pool.Named("b:1"), _fails, times: 3);

        Assert.Equal([true, false, true, true], pool.GetAllBackends().Select(backend => backend.IsHealthy));
    }

    private PoolHealth Health(BackendPool pool) =>
        new(pool, new(new HealthCheckOptions()), new(new PassiveHealthOptions()), _time, new LogRecorder<PoolHealth>());

    private static void Eject(PoolHealth health, Backend backend)
    {
        for (int i = 0; i < 3; i++)
            health.Failed(backend, SocketError.ConnectionRefused);
        health.Decide();
    }

    private void Check(PoolHealth health, Backend backend, ProbeResult result, int times)
    {
        for (int i = 0; i < times; i++)
            _ = health.RecordCheck(health.RecordOf(backend), result, _time.GetTimestamp());
        health.Decide();
    }
}
