using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Health;

/// <summary>Checks of a pool that changes.</summary>
public sealed class HealthCheckerFollowTests : IDisposable
{
    private readonly HealthCheckerFixture _fixture = new();
    private readonly Dictionary<string, List<double>> _times = [];

    private Func<Backend, Task<ProbeResult>> _answer = _ => Task.FromResult(HealthCheckerFixture.Works);

    public HealthCheckerFollowTests()
    {
        long start = _fixture.Clock.GetTimestamp();
        _fixture.Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(call =>
        {
            Backend backend = call.Arg<Backend>();
            double time = Math.Round(_fixture.Clock.GetElapsedTime(start).TotalSeconds, 3);
            if (!_times.TryAdd(backend.Name, [time]))
                _times[backend.Name].Add(time);
            return _answer(backend);
        });
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void BeginDueChecks_BackendsAreAdded_ProbesThemAtOnceThenSpreadAndTheOthersAsBefore()
    {
        BackendPool pool = Pools.Of("a:1");
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 3);

        _ = pool.Apply("b:1", "c:1", "a:1");
        Run(checker, 5.1);

        Assert.Equal([0, 2, 4, 6, 8], _times["a:1"]);
        Assert.Equal(3, _times["b:1"][0]);
        Assert.Equal(3, _times["c:1"][0]);
        Assert.Equal(2, _times["b:1"][2] - _times["b:1"][1], 3);
        Assert.NotEqual(_times["b:1"][1], _times["c:1"][1]);
    }

    [Fact]
    public void BeginDueChecks_BackendsAreAddedOneByOne_AreSpreadAsWell()
    {
        BackendPool pool = Pools.Of("b0:1");
        HealthChecker checker = _fixture.Checker(pool);
        for (int count = 2; count <= 8; count++)
            _ = pool.Apply(Enumerable.Range(0, count).Select(i => $"b{i}:1"));

        Run(checker, 8);

        double[] settled = [.. _times.Values.Select(times => times.Single(time => time is > 4 and <= 6))];
        Assert.Equal(8, settled.Distinct().Count());
    }

    [Fact]
    public void BeginDueChecks_BackendIsRemoved_ProbesItNoMoreUntilItReturns()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        pool.Named("a:1").Load(1);
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 3);
        int before = _times["a:1"].Count;
        _ = pool.Apply("b:1");
        Run(checker, 6);
        Assert.Equal(before, _times["a:1"].Count);

        _ = pool.Apply("b:1", "a:1");
        Run(checker, 0.1);

        Assert.Equal(9, _times["a:1"][before], 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BeginDueChecks_BackendIsRemovedWhileItsProbeRuns_ResultIsIgnored(bool returns)
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        Backend removed = pool.Named("a:1");
        removed.Load(1);
        HealthChecker checker = _fixture.Checker(pool);
        var answer = new TaskCompletionSource<ProbeResult>();
        _answer = backend => backend == removed ? answer.Task : Task.FromResult(HealthCheckerFixture.Works);
        Run(checker, 0.1);

        _ = pool.Apply("b:1");
        if (returns)
            _ = pool.Apply("b:1", "a:1");
        Run(checker, 1);
        Assert.Single(_times["a:1"]); // never two probes at a time
        answer.SetResult(HealthCheckerFixture.IsUnclear);

        Assert.Empty(_fixture.Logs.Records);
    }

    [Fact]
    public void BeginDueChecks_Maintenance_StopsProbesAndReadyStartsThemAtOnce()
    {
        BackendPool pool = Pools.Of("a:1");
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 3);
        pool.SetIntent(pool.Named("a:1"), BackendIntent.Maint);
        Run(checker, 6.5);
        Assert.Equal([0, 2], _times["a:1"]);

        pool.SetIntent(pool.Named("a:1"), BackendIntent.Ready);
        Run(checker, 0.1);

        Assert.Equal([0, 2, 9.5], _times["a:1"]);
    }

    [Fact]
    public void BeginDueChecks_Drain_KeepsProbing()
    {
        BackendPool pool = Pools.Of("a:1");
        HealthChecker checker = _fixture.Checker(pool);
        pool.SetIntent(pool.Named("a:1"), BackendIntent.Drain);

        Run(checker, 4.1);

        Assert.Equal([0, 2, 4], _times["a:1"]);
    }

    [Fact]
    public void BeginDueChecks_IntervalChanges_AppliesToTheNextCheck()
    {
        BackendPool pool = Pools.Of("a:1 check_interval=1h");
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 3);
        Assert.Equal([0], _times["a:1"]);

        _ = pool.Apply("a:1 check_interval=2s");
        Run(checker, 2.1);

        Assert.Equal([0, 3, 4], _times["a:1"]);
    }

    [Fact]
    public void BeginDueChecks_ChecksAreTurnedOffAndOn_FollowsAtOnce()
    {
        BackendPool pool = Pools.Of("a:1 check=none");
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 1);
        Assert.Empty(_times);

        _ = pool.Apply("a:1");
        Run(checker, 1);
        Assert.Equal([1], _times["a:1"]);
        _ = pool.Apply("a:1 check=none");
        Run(checker, 3);

        Assert.Equal([1], _times["a:1"]);
    }

    [Fact]
    public void Tick_PoolGrows_GetsShorter()
    {
        BackendPool pool = Pools.Of("a:1");
        HealthChecker checker = _fixture.Checker(pool);
        Assert.Equal(TimeSpan.FromMilliseconds(100), checker.Tick);

        _ = pool.Apply(Enumerable.Range(0, 100).Select(i => $"b{i}:1"));
        checker.BeginDueChecks(_fixture.Stopping.Token);

        Assert.Equal(TimeSpan.FromMilliseconds(20), checker.Tick);
    }

    private void Run(HealthChecker checker, double seconds) => _fixture.Run(checker, TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Changed_Interval_AppliesToAllAndSuspendsNone()
    {
        BackendPool pool = Pools.Of("a:1", "b:1 check_interval=1s");
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 4.1);

        _fixture.Current.Replace(_fixture.Options with { Interval = TimeSpan.FromSeconds(4) });
        Run(checker, 8);

        Assert.Equal(3 + 2, _times["a:1"].Count);
        Assert.InRange(_times["b:1"].Count, 12, 13);
    }

    [Fact]
    public void Changed_KindNone_EndsChecksAndMakesUncheckedBackendsHealthy()
    {
        BackendPool pool = Pools.Of("a:1", "b:1 check=tcp");
        _answer = _ => Task.FromResult(HealthCheckerFixture.Fails);
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 5);
        Assert.Empty(pool.GetHealthyBackends());
        int before = _times["a:1"].Count;

        _fixture.Current.Replace(_fixture.Options with { Kind = CheckKind.None });
        Run(checker, 5);

        Assert.Equal(["a:1"], pool.GetHealthyBackends().Names());
        Assert.Equal(before, _times["a:1"].Count);
        _fixture.Current.Replace(_fixture.Options with { Kind = CheckKind.Auto });
        Run(checker, 0.1);
        Assert.Equal(before + 1, _times["a:1"].Count);
    }

    [Fact]
    public void Changed_RiseAndFall_CountFromTheNextResultOn()
    {
        BackendPool pool = Pools.Of("a:1");
        _answer = _ => Task.FromResult(HealthCheckerFixture.Fails);
        _fixture.Current.Replace(_fixture.Options with { Fall = 1000 });
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 5);
        Assert.True(pool.GetAllBackends()[0].IsHealthy);

        _fixture.Current.Replace(_fixture.Options with { Fall = 3 });
        Run(checker, 2);

        Assert.False(pool.GetAllBackends()[0].IsHealthy);
    }

    [Fact]
    public void Apply_UnhealthyBackendReturns_IsProbedAtOnceAndHealthyAfterItsChecks()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        _answer = backend => Task.FromResult(backend.Name == "a:1" ? HealthCheckerFixture.Fails : HealthCheckerFixture.Works);
        HealthChecker checker = _fixture.Checker(pool);
        Run(checker, 5);
        _ = pool.Apply("b:1");
        Run(checker, 10);
        int before = _times["a:1"].Count;

        _ = pool.Apply("b:1", "a:1");
        Assert.Equal(["b:1"], pool.GetHealthyBackends().Names());
        _answer = _ => Task.FromResult(HealthCheckerFixture.Works);
        Run(checker, 0.1);
        Assert.Equal(before + 1, _times["a:1"].Count);
        Run(checker, 3);

        Assert.Equal(["b:1", "a:1"], pool.GetHealthyBackends().Names());
    }
}
