using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

/// <summary>Health records of a pool that changes.</summary>
public sealed class PoolHealthFollowTests
{
    private static readonly ProbeResult _works = new(ProbeOutcome.Healthy, "connected");
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");

    private readonly FakeTimeProvider _time = new();
    private readonly LogRecorder<PoolHealth> _logger = new();

    [Fact]
    public void RecordCheck_BackendStays_ContinuesItsStreak()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        health.Check(_time, pool.Named("a:1"), _fails, times: 2);

        _ = pool.Apply("c:1", "a:1 weight=5");
        health.Check(_time, pool.Named("a:1"), _fails, times: 1);

        Assert.False(pool.Named("a:1").IsHealthy);
        Assert.Equal([pool.Named("c:1"), pool.Named("a:1")], health.Backends.Select(record => record.Backend));
    }

    [Fact]
    public void RecordCheck_RemovedBackend_IsIgnored()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        Backend removed = pool.Named("a:1");
        removed.Load(1);
        _ = pool.Apply("b:1");

        health.Check(_time, removed, _fails, times: 5);
        _ = pool.Apply("b:1", "a:1");
        health.Check(_time, removed, _fails, times: 2);

        Assert.True(removed.IsHealthy);
        Assert.Empty(_logger.Records);
    }

    [Fact]
    public void Failed_RemovedBackend_IsNotEjected()
    {
        BackendPool pool = Pools.Of("a:1", "b:1", "c:1", "d:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        Backend removed = pool.Named("a:1");
        removed.Load(1);
        _ = pool.Apply("b:1", "c:1", "d:1");

        health.Eject(removed);

        Assert.True(removed.IsHealthy);
        Assert.False(health.RecordOf(removed).Traffic.IsEjected);
        Assert.Empty(_logger.Records);
    }

    [Fact]
    public void Decide_EjectedBackendLeftAndReturned_EndsItInTime()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        Backend ejected = pool.Named("a:1");
        ejected.Load(1);
        health.Eject(ejected);
        _ = pool.Apply("b:1");
        _ = pool.Apply("b:1", "a:1");
        Assert.False(ejected.IsHealthy);

        _time.Advance(TimeSpan.FromSeconds(10));
        health.Decide();

        Assert.True(ejected.IsHealthy);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("drain")]
    [InlineData("weight")]
    [InlineData("mark")]
    public void Changed_NoOtherIsAvailable_EjectedOneReturns(string change)
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        health.Eject(pool.Named("a:1"));
        Backend other = pool.Named("b:1");

        _ = change switch
        {
            "apply" => pool.Apply("a:1").Removed.Count == 1,
            "drain" => pool.SetIntent(other, BackendIntent.Drain),
            "weight" => pool.OverrideWeight(other, 0),
            _ => pool.MarkUnhealthy(other.Url),
        };

        Assert.True(pool.Named("a:1").IsHealthy);
        Assert.Equal("no other backend is healthy", Assert.Single(_logger.Of(EventIds.BackendUp))["Reason"]);
    }

    [Fact]
    public void Failed_OthersAreNotReady_StaysIn()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        pool.SetIntent(pool.Named("b:1"), BackendIntent.Drain);

        health.Eject(pool.Named("a:1"));

        Assert.True(pool.Named("a:1").IsHealthy);
    }

    [Fact]
    public void Apply_ChecksAreTurnedOff_UnhealthyOneReturns()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        health.Check(_time, pool.Named("a:1"), _fails, times: 3);

        _ = pool.Apply("a:1 check=none", "b:1");

        Assert.True(pool.Named("a:1").IsHealthy);
        Assert.Equal("it is no longer checked", Assert.Single(_logger.Of(EventIds.BackendUp))["Reason"]);
    }

    // The pool raises its event when the record's lock is free: a listener on another thread may use the records.
    [Fact]
    public void Changed_ListenerUsesTheRecordsOnAnotherThread_DoesNotBlock()
    {
        BackendPool pool = Pools.Of("a:1", "b:1", "c:1", "d:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        Backend other = pool.Named("b:1");
        int changes = 0;
        pool.Changed += _ =>
        {
            changes++;
            Assert.True(Task.Run(() => health.RecordCheck(health.RecordOf(other), _works, _time.GetTimestamp())).Wait(Until.Patience));
            Assert.True(Task.Run(health.Decide).Wait(Until.Patience));
        };

        health.Eject(pool.Named("a:1"));
        health.Check(_time, pool.Named("c:1"), _fails, times: 3);
        _time.Advance(TimeSpan.FromSeconds(10));
        health.Decide();

        Assert.Equal(3, changes);
    }

    // Pool and record agree, in either order of the two.
    [Fact]
    public Task RecordCheck_WhileTrafficFails_PoolAndRecordAgree() => Race.RunAsync(rounds: 2_000, () =>
    {
        BalancedPool pool = Pools.Of("a:1", "b:1").BalancedBy(new FirstPolicy());
        PoolHealth health = PoolHealthSteps.WithDefaults(pool.Pool, _time, _logger);
        Backend backend = pool.Named("a:1");
        for (int i = 0; i < 2; i++)
            health.Failed(backend, SocketError.ConnectionRefused);
        return (
            () =>
            {
                health.Failed(backend, SocketError.ConnectionRefused);
                health.Decide();
            },
            () => health.Check(_time, backend, _works, times: 1),
            () =>
            {
                Assert.NotEqual(backend.IsHealthy, health.RecordOf(backend).Traffic.IsEjected);
                Assert.Equal(backend.IsHealthy, pool.GetHealthyBackends().Contains(backend));
                Assert.Equal(backend.IsHealthy ? "a:1" : "b:1", pool.Pick()?.Name);
                return Task.CompletedTask;
            }
        );
    });

    [Fact]
    public void Apply_RemovedLongAgoAndWithoutConnections_IsForgottenWithItsRecord()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        PoolHealth health = PoolHealthSteps.WithDefaults(pool, _time, _logger);
        BalancedPool balanced = new(pool, new LeastConnPolicy(), TimeSpan.FromSeconds(30), _time);
        WeakReference removed = Remove(pool, health);

        _ = pool.Apply([.. Enumerable.Range(0, PoolMembership.MaxIdle).Select(i => $"x{i}:1"), "b:1"]);
        _ = pool.Apply("b:1");
        _ = pool.Apply("b:1", "c:1");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(removed.IsAlive);
        GC.KeepAlive((health, balanced));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Remove(BackendPool pool, PoolHealth health)
    {
        var removed = new WeakReference(pool.Named("a:1"));
        health.Check(_time, pool.Named("a:1"), _fails, times: 1);
        BackendLease lease = Assert.IsType<BackendLease>(pool.Named("a:1").TryAcquire());
        _ = pool.Apply("b:1");
        Assert.True(lease.Release());
        return removed;
    }
}
