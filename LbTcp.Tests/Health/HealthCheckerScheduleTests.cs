using System.Collections.Concurrent;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Health;

/// <summary>When each backend is probed, and how many at a time.</summary>
public sealed class HealthCheckerScheduleTests : IDisposable
{
    private readonly HealthCheckerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void BeginDueChecks_BetweenStates_ProbesFourTimesAsOften()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(1));
        List<double> times = _fixture.RecordTimes(HealthCheckerFixture.Fails);

        _fixture.Run(checker, TimeSpan.FromSeconds(5));

        Assert.Equal([0, 0.5, 1, 2, 4], times);
    }

    [Fact]
    public void BeginDueChecks_ClientsAreRefused_ChecksAtOnceButNoMoreOftenThanBetweenStates()
    {
        BackendPool pool = HealthCheckerFixture.Pool(1);
        PoolHealth health = _fixture.Health(pool);
        HealthChecker checker = _fixture.Checker(pool, health);
        List<double> times = _fixture.RecordTimes(HealthCheckerFixture.Works);
        _fixture.Run(checker, TimeSpan.FromSeconds(2.7));
        Assert.Equal([0, 2], times);

        for (int i = 0; i < 10; i++)
        {
            health.Failed(pool.GetAllBackends()[0], SocketError.ConnectionRefused);
            _fixture.Run(checker, TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal([0, 2, 2.7, 3.2], times.Select(time => Math.Round(time, 3)));
    }

    [Fact]
    public void BeginDueChecks_ClientsAreRefusedWhileAProbeRuns_NeverProbesTwiceAtATime()
    {
        BackendPool pool = HealthCheckerFixture.Pool(1);
        PoolHealth health = _fixture.Health(pool);
        HealthChecker checker = _fixture.Checker(pool, health);
        var answer = new TaskCompletionSource<ProbeResult>();
        int calls = 0;
        _fixture.Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(
            _ => ++calls == 1 ? answer.Task : Task.FromResult(HealthCheckerFixture.Works));
        _fixture.Run(checker, TimeSpan.FromSeconds(1));

        health.Failed(pool.GetAllBackends()[0], SocketError.ConnectionRefused);
        _fixture.Run(checker, TimeSpan.FromSeconds(1));
        Assert.Equal(1, calls);
        answer.SetResult(HealthCheckerFixture.Works);
        _fixture.Run(checker, TimeSpan.FromSeconds(0.1));

        Assert.Equal(2, calls);
    }

    [Fact]
    public void BeginDueChecks_ManyBackends_SpreadsTheChecksOverTheInterval()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(20));
        List<double> times = _fixture.RecordTimes(HealthCheckerFixture.Works);

        _fixture.Run(checker, TimeSpan.FromSeconds(6));

        Assert.Equal(20, times.Count(time => time == 0));
        double[] settled = [.. times.Where(time => time is > 2.5 and <= 4.5)];
        Assert.Equal(20, settled.Length);
        Assert.Equal(20, settled.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void BeginDueChecks_TimeOfDayIsSet_ProbesNeitherMoreNorLess(int direction)
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(1));
        List<double> times = _fixture.RecordTimes(HealthCheckerFixture.Works);

        _fixture.Run(checker, TimeSpan.FromSeconds(3));
        _fixture.Clock.Jump(direction * TimeSpan.FromDays(3_000));
        _fixture.Run(checker, TimeSpan.FromSeconds(3.1));

        Assert.Equal([0, 2, 4, 6], times);
    }

    [Fact]
    public void BeginDueChecks_ProbeStillRuns_DoesNotBeginAnother()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(1));
        var answer = new TaskCompletionSource<ProbeResult>();
        int calls = 0;
        _fixture.Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(
            _ => ++calls == 1 ? answer.Task : Task.FromResult(HealthCheckerFixture.Works));

        _fixture.Run(checker, TimeSpan.FromSeconds(20));
        Assert.Equal(1, calls);

        answer.SetResult(HealthCheckerFixture.Works);
        _fixture.Run(checker, TimeSpan.FromSeconds(0.2));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void BeginDueChecks_SomeProbesHang_ProbesTheOthersInTime()
    {
        BackendPool pool = HealthCheckerFixture.Pool(2);
        HealthChecker checker = _fixture.Checker(pool);
        _fixture.Answer(pool.GetAllBackends()[0], new TaskCompletionSource<ProbeResult>().Task);
        _fixture.Answer(pool.GetAllBackends()[1], HealthCheckerFixture.Fails);
        _fixture.Run(checker, TimeSpan.FromSeconds(2));
        Assert.False(pool.GetAllBackends()[1].IsHealthy);
    }

    [Fact]
    public void BeginDueChecks_MoreBackendsThanProbes_BoundsTheProbesAndLetsAllHaveATurn()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(300));
        var waiting = new ConcurrentQueue<(Backend Backend, TaskCompletionSource<ProbeResult> Answer)>();
        var seen = new HashSet<Backend>();
        _fixture.Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(call =>
        {
            var answer = new TaskCompletionSource<ProbeResult>();
            waiting.Enqueue((call.Arg<Backend>(), answer));
            seen.Add(call.Arg<Backend>());
            return answer.Task;
        });

        for (int round = 0; round < 3; round++)
        {
            checker.BeginDueChecks(_fixture.Stopping.Token);
            Assert.Equal(128, waiting.Count);
            _fixture.Clock.Advance(TimeSpan.FromSeconds(10)); // every backend is due again
            while (waiting.TryDequeue(out (Backend Backend, TaskCompletionSource<ProbeResult> Answer) probe))
                probe.Answer.SetResult(HealthCheckerFixture.Works);
        }

        Assert.Equal(300, seen.Count);
    }

    [Fact]
    public void BeginDueChecks_BackendsWithIntervalsOfTheirOwn_AreProbedAsOften()
    {
        BackendPool pool = Pools.Of("a:1", "b:1 check_interval=500ms", "c:1 check=none");
        _fixture.Answer(HealthCheckerFixture.Works);

        _fixture.Run(_fixture.Checker(pool), TimeSpan.FromSeconds(6));

        int AskedFor(string name) => _fixture.Probe.ReceivedCalls().Count(call => call.GetArguments()[0] == pool.Named(name));
        Assert.InRange(AskedFor("a:1"), 3, 4);
        Assert.InRange(AskedFor("b:1"), 11, 13);
        Assert.Equal(0, AskedFor("c:1"));
    }
}
