using LbTcp.Backends;
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
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time);
        Assert.True(pool.MarkUnhealthy("b:1"));

        health.Eject(pool.Named("a:1"));
        health.Eject(pool.Named("c:1"));

        Assert.Equal([true, false, false, true], pool.GetAllBackends().Select(backend => backend.IsHealthy));
    }

    [Fact]
    public void Changed_RestOfTheGroupGoesDown_EjectedOneReturns()
    {
        BackendPool pool = Pools.Of("a:1 server_name=x.example", "b:1 server_name=x.example", "c:1 server_name=y.example", "d:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time);
        health.Eject(pool.Named("a:1"));
        Assert.False(pool.Named("a:1").IsHealthy);

        health.Check(_time, pool.Named("b:1"), _fails, times: 3);

        Assert.Equal([true, false, true, true], pool.GetAllBackends().Select(backend => backend.IsHealthy));
    }
}
