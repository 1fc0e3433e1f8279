using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

/// <summary>Reports wait for the next decision, which publishes all of their flips together.</summary>
public sealed class PoolHealthBatchTests
{
    private static readonly ProbeResult _works = new(ProbeOutcome.Healthy, "connected");
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");

    private readonly FakeTimeProvider _time = new();
    private readonly LogRecorder<PoolHealth> _logger = new();

    [Fact]
    public void Decide_ManyReports_PublishesThemOnceAndLogsEachFlip()
    {
        BackendPool pool = Pools.OfSize(2_000);
        PoolHealth health = Health(pool, _logger);
        var changes = new List<PoolChange>();
        pool.Changed += changes.Add;

        for (int i = 0; i < 1_000; i++)
            Fail(health, i);
        Fail(health, 1_500);
        for (int i = 1_900; i < 2_000; i++)
            Check(health, i, _fails, times: 3);
        Assert.Empty(changes);
        health.Decide();

        Assert.Equal(1_000, Assert.Single(changes).Flipped.Count(backend => health.RecordOf(backend).IsEjected)); // half of the pool
        Assert.Equal(
            Enumerable.Range(900, 1_100).Reverse(), _logger.Of(EventIds.BackendDown).Select(record => record["Healthy"]).Cast<int>());
        Assert.Equal(900, pool.GetHealthyBackends().Count);
    }

    [Fact]
    public void Decide_AllBackendsFailedSinceTheLastOne_EjectsHalfOfThem()
    {
        PoolHealth health = Health(Pools.OfSize(10), _logger);
        for (int i = 0; i < 10; i++)
            Fail(health, i);

        health.Decide();

        Assert.Equal(5, health.Backends.Count(record => record.IsEjected));
    }

    [Fact]
    public void Decide_ChecksFailForTheOthers_DoesNotEjectTheLastOne()
    {
        PoolHealth health = Health(Pools.OfSize(4), _logger);
        Fail(health, 0);
        for (int i = 1; i < 4; i++)
            Check(health, i, _fails, times: 3);

        health.Decide();

        Assert.Equal([true, false, false, false], health.Backends.Select(record => record.Backend.IsHealthy));
    }

    [Fact]
    public void Decide_AllThatTakeConnectionsFailed_KeepsOneOfThem()
    {
        PoolHealth health = Health(Pools.OfSize(4, i => i < 2 ? "" : "weight=0"), _logger);
        Fail(health, 0);
        Fail(health, 1);

        health.Decide();

        Assert.Equal(1, health.Backends.Count(record => record.IsEjected));
    }

    [Fact]
    public void Decide_ConnectedAfterTheLastFailure_StillEjects()
    {
        PoolHealth health = Health(Pools.OfSize(4), _logger);
        Fail(health, 0);
        health.Reached(health.Backends[0].Backend);

        health.Decide();

        Assert.True(health.Backends[0].IsEjected);
    }

    [Fact]
    public void Decide_EjectionWasNotPermitted_TheNextFailureAsksAgain()
    {
        BackendPool pool = Pools.OfSize(2);
        PoolHealth health = Health(pool, _logger);
        _ = pool.SetIntent(pool.GetAllBackends()[1], BackendIntent.Drain);
        Fail(health, 0);
        health.Decide();
        Assert.True(pool.GetAllBackends()[0].IsHealthy);

        _ = pool.SetIntent(pool.GetAllBackends()[1], BackendIntent.Ready);
        health.Failed(pool.GetAllBackends()[0], SocketError.TimedOut);
        health.Decide();

        Assert.False(pool.GetAllBackends()[0].IsHealthy);
    }

    [Fact]
    public void Reported_FirstReport_ShortensTheTickUntilTheDecision()
    {
        PoolHealth health = Health(Pools.OfSize(10), _logger);
        int reported = 0;
        health.Reported += () => reported++;
        TimeSpan usual = health.Tick;

        health.Failed(health.Backends[0].Backend, SocketError.ConnectionRefused); // the first of three calls for no decision
        Assert.Equal((0, usual), (reported, health.Tick));
        Fail(health, 0);
        Fail(health, 1);
        Assert.Equal((1, TimeSpan.FromMilliseconds(5)), (reported, health.Tick));
        health.Decide();
        Assert.Equal((1, usual), (reported, health.Tick));
        Check(health, 2, _fails, times: 3);
        Assert.Equal(2, reported);
    }

    // Connections and checks report on the reactors, which must not wait while a large pool publishes and logs.
    [Fact]
    public void Decide_OthersReportMeanwhile_DoNotWait()
    {
        PoolHealth? health = null;
        int reports = 0;
        health = Health(Pools.OfSize(6), new CallbackLogger(() =>
        {
            Task reporting = Task.Run(() =>
            {
                Fail(health!, 1);
                health!.Reached(health.Backends[2].Backend);
                Check(health, 3, _fails, times: 3);
            });
            Assert.True(reporting.Wait(Until.Patience));
            reports++;
        }));
        Fail(health, 0);

        health.Decide();
        Assert.Equal(1, reports);
        health.Decide();

        Assert.Equal([false, false, true, false, true, true], health.Backends.Select(record => record.Backend.IsHealthy));
    }

    [Fact]
    public void RecordCheck_ProbeBeganBeforeTheLastFailure_DoesNotEndTheEjection()
    {
        PoolHealth health = Health(Pools.OfSize(4), _logger);
        BackendHealth record = health.Backends[0];
        long begun = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Fail(health, 0);
        health.Decide();

        Assert.True(health.RecordCheck(record, _works, begun));
        health.Decide();
        Assert.True(record.IsEjected);
        Assert.False(health.RecordCheck(record, _works, _time.GetTimestamp()));
        health.Decide();

        Assert.True(record.Backend.IsHealthy);
    }

    [Fact]
    public void Decide_ClientFailedAfterTheSuccessOfACheck_DoesNotEndTheEjection()
    {
        PoolHealth health = Health(Pools.OfSize(4), _logger);
        Fail(health, 0);
        health.Decide();
        Check(health, 0, _works, times: 1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        health.Failed(health.Backends[0].Backend, SocketError.TimedOut);

        health.Decide();

        Assert.True(health.Backends[0].IsEjected);
    }

    [Fact]
    public void RecordCheck_StaleSuccessOfOneThatIsUnhealthyByItsChecks_Counts()
    {
        PoolHealth health = Health(Pools.OfSize(4), _logger);
        Check(health, 0, _fails, times: 3);
        health.Decide();
        long begun = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        health.Failed(health.Backends[0].Backend, SocketError.ConnectionRefused);

        _ = health.RecordCheck(health.Backends[0], _works, begun);
        _ = health.RecordCheck(health.Backends[0], _works, begun);
        health.Decide();

        Assert.True(health.Backends[0].Backend.IsHealthy);
    }

    private PoolHealth Health(BackendPool pool, ILogger<PoolHealth> logger) =>
        new(pool, new(new HealthCheckOptions()), new(new PassiveHealthOptions()), _time, logger);

    private static void Fail(PoolHealth health, int backend)
    {
        for (int i = 0; i < 3; i++)
            health.Failed(health.Backends[backend].Backend, SocketError.ConnectionRefused);
    }

    private void Check(PoolHealth health, int backend, ProbeResult result, int times)
    {
        for (int i = 0; i < times; i++)
            _ = health.RecordCheck(health.Backends[backend], result, _time.GetTimestamp());
    }

    /// <summary>Calls back for the first record.</summary>
    private sealed class CallbackLogger(Action callback) : ILogger<PoolHealth>
    {
        private bool _hasCalled;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (_hasCalled)
                return;
            _hasCalled = true;
            callback();
        }
    }
}
