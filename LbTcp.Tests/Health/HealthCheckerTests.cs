using System.Collections.Concurrent;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace LbTcp.Tests.Health;

public sealed class HealthCheckerTests : IDisposable
{
    private static readonly ProbeResult _works = new(ProbeOutcome.Healthy, "GET /health answered 200");
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "GET /health answered 503");
    private static readonly ProbeResult _isUnclear = new(ProbeOutcome.Inconclusive, "out of file descriptors");

    private readonly FakeTimeProvider _time = new();
    private readonly LogRecorder<HealthChecker> _logger = new();
    private readonly LogRecorder<PoolTracker> _flips = new();
    private readonly IHealthProbe _probe = Substitute.For<IHealthProbe>();
    private readonly HealthCheckOptions _options = new(); // interval 2s, timeout 2s, rise 2, fall 3
    private readonly CancellationTokenSource _stopping = new();

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task RunAsync_Start_ProbesEveryBackendAtOnce()
    {
        BackendPool pool = Pool(3);
        HealthChecker checker = Checker(pool);
        Answer(_works);

        Task running = checker.RunAsync(_stopping.Token);

        await _probe.ReceivedWithAnyArgs(3).ProbeAsync(default!, default);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_ProbesUnderWayWhenStopped_EndsAfterThem()
    {
        HealthChecker checker = Checker(Pool(1));
        var answer = new TaskCompletionSource<ProbeResult>();
        _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(answer.Task);

        Task running = checker.RunAsync(_stopping.Token);
        await _stopping.CancelAsync();
        Assert.False(running.IsCompleted);

        answer.SetCanceled();
        await running.Done();
    }

    [Fact]
    public async Task RunAsync_Tick_BeginsChecksThatAreDue()
    {
        HealthChecker checker = Checker(Pool(1));
        var probed = new SemaphoreSlim(0);
        _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(_ =>
        {
            probed.Release();
            return Task.FromResult(_works);
        });

        Task running = checker.RunAsync(_stopping.Token);
        Assert.True(await probed.WaitAsync(Until.Patience));
        _time.Advance(_options.Interval);
        Assert.True(await probed.WaitAsync(Until.Patience));
        await StopAsync(running);
    }

    [Fact]
    public void BeginDueChecks_FallFailures_MarksTheBackendDownAndSaysSoOnce()
    {
        BackendPool pool = Pool(3);
        HealthChecker checker = Checker(pool);
        Answer(_works);
        Answer(pool.GetAllBackends()[0], _fails);

        Run(checker, TimeSpan.FromSeconds(20));

        Assert.False(pool.GetAllBackends()[0].IsHealthy);
        Assert.Equal(2, pool.GetHealthyBackends().Count);
        LogRecord record = Assert.Single(_flips.Records);
        Assert.Equal((EventIds.BackendDown, LogLevel.Warning), (record.EventId, record.Level));
        Assert.Equal("backend0:80", record["Backend"]);
        Assert.Equal("GET /health answered 503", record["Reason"]);
        Assert.Equal((3, 2, 3), (record["Failures"], record["Healthy"], record["Total"]));
        Assert.Null(record["Hint"]);
    }

    [Fact]
    public void BeginDueChecks_RiseSuccesses_MarksTheBackendUpAndSaysSoOnce()
    {
        BackendPool pool = Pool(1);
        HealthChecker checker = Checker(pool);
        Answer(_fails);
        Run(checker, TimeSpan.FromSeconds(10));
        Answer(_works);
        Run(checker, TimeSpan.FromSeconds(10));

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
        Assert.Equal([EventIds.BackendDown, EventIds.BackendUp], _flips.Records.Select(record => record.EventId));
        Assert.Equal("GET /health answered 200", _flips.Single(EventIds.BackendUp)["Reason"]);
        Assert.Equal((2, 1, 1), (_flips.Records[1]["Successes"], _flips.Records[1]["Healthy"], _flips.Records[1]["Total"]));
    }

    [Fact]
    public void BeginDueChecks_ResultWithHint_SaysItInTheLine()
    {
        HealthChecker checker = Checker(Pool(1));
        Answer(_fails with { Hint = "try --health-path" });
        Run(checker, TimeSpan.FromSeconds(10));
        Assert.Equal("try --health-path", _flips.Single(EventIds.BackendDown)["hint"]);
    }

    [Fact]
    public void BeginDueChecks_BackendFlapsEveryCheck_StaysAsItIs()
    {
        BackendPool pool = Pool(1);
        HealthChecker checker = Checker(pool);
        int calls = 0;
        _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(_ => Task.FromResult(calls++ % 2 == 0 ? _fails : _works));

        Run(checker, TimeSpan.FromMinutes(2));

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
        Assert.Empty(_flips.Records);
    }

    [Fact]
    public void BeginDueChecks_BetweenStates_ProbesFourTimesAsOften()
    {
        HealthChecker checker = Checker(Pool(1));
        List<double> times = RecordTimes(_fails);

        Run(checker, TimeSpan.FromSeconds(5));

        Assert.Equal([0, 0.5, 1, 2, 4], times);
    }

    [Fact]
    public void BeginDueChecks_ClientsAreRefused_ChecksAtOnceButNoMoreOftenThanBetweenStates()
    {
        BackendPool pool = Pool(1);
        PoolTracker tracker = Tracker(pool);
        var checker = new HealthChecker(tracker, _probe, _options, _time, _logger);
        List<double> times = RecordTimes(_works);
        Run(checker, TimeSpan.FromSeconds(2.7));
        Assert.Equal([0, 2], times);

        for (int i = 0; i < 10; i++)
        {
            tracker.Failed(pool.GetAllBackends()[0], SocketError.ConnectionRefused);
            Run(checker, TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal([0, 2, 2.7, 3.2], times.Select(time => Math.Round(time, 3)));
    }

    [Fact]
    public void BeginDueChecks_ClientsAreRefusedWhileAProbeRuns_NeverProbesTwiceAtATime()
    {
        BackendPool pool = Pool(1);
        PoolTracker tracker = Tracker(pool);
        var checker = new HealthChecker(tracker, _probe, _options, _time, _logger);
        var answer = new TaskCompletionSource<ProbeResult>();
        int calls = 0;
        _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(_ => ++calls == 1 ? answer.Task : Task.FromResult(_works));
        Run(checker, TimeSpan.FromSeconds(1));

        tracker.Failed(pool.GetAllBackends()[0], SocketError.ConnectionRefused);
        Run(checker, TimeSpan.FromSeconds(1));
        Assert.Equal(1, calls);
        answer.SetResult(_works);
        Run(checker, TimeSpan.FromSeconds(0.1));

        Assert.Equal(2, calls);
    }

    [Fact]
    public void BeginDueChecks_ManyBackends_SpreadsTheChecksOverTheInterval()
    {
        HealthChecker checker = Checker(Pool(20));
        List<double> times = RecordTimes(_works);

        Run(checker, TimeSpan.FromSeconds(6));

        Assert.Equal(20, times.Count(time => time == 0));
        double[] settled = [.. times.Where(time => time is > 2.5 and <= 4.5)];
        Assert.Equal(20, settled.Length);
        Assert.Equal(20, settled.Distinct().Count());
    }

    [Fact]
    public void BeginDueChecks_ProbeStillRuns_DoesNotBeginAnother()
    {
        HealthChecker checker = Checker(Pool(1));
        var answer = new TaskCompletionSource<ProbeResult>();
        int calls = 0;
        _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(_ => ++calls == 1 ? answer.Task : Task.FromResult(_works));

        Run(checker, TimeSpan.FromSeconds(20));
        Assert.Equal(1, calls);

        answer.SetResult(_works);
        Run(checker, TimeSpan.FromSeconds(0.2));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void BeginDueChecks_SomeProbesHang_ProbesTheOthersInTime()
    {
        BackendPool pool = Pool(2);
        HealthChecker checker = Checker(pool);
        Answer(pool.GetAllBackends()[0], new TaskCompletionSource<ProbeResult>().Task);
        Answer(pool.GetAllBackends()[1], _fails);
        Run(checker, TimeSpan.FromSeconds(2));
        Assert.False(pool.GetAllBackends()[1].IsHealthy);
    }

    [Fact]
    public void BeginDueChecks_MoreBackendsThanProbes_BoundsTheProbesAndLetsEverybodyHaveATurn()
    {
        HealthChecker checker = Checker(Pool(300));
        var waiting = new ConcurrentQueue<(Backend Backend, TaskCompletionSource<ProbeResult> Answer)>();
        var seen = new HashSet<Backend>();
        _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(call =>
        {
            var answer = new TaskCompletionSource<ProbeResult>();
            waiting.Enqueue((call.Arg<Backend>(), answer));
            seen.Add(call.Arg<Backend>());
            return answer.Task;
        });

        for (int round = 0; round < 3; round++)
        {
            checker.BeginDueChecks(_stopping.Token);
            Assert.Equal(128, waiting.Count);
            _time.Advance(TimeSpan.FromSeconds(10)); // every backend is due again
            while (waiting.TryDequeue(out (Backend Backend, TaskCompletionSource<ProbeResult> Answer) probe))
                probe.Answer.SetResult(_works);
        }

        Assert.Equal(300, seen.Count);
    }

    [Fact]
    public void BeginDueChecks_FailureWhileTheProcessWasNotRun_IsNoEvidence()
    {
        BackendPool pool = Pool(1);
        HealthChecker checker = Checker(pool);
        for (int i = 0; i < 10; i++)
        {
            var answer = new TaskCompletionSource<ProbeResult>();
            Answer(pool.GetAllBackends()[0], answer.Task);
            checker.BeginDueChecks(_stopping.Token);
            _time.Advance(TimeSpan.FromSeconds(2)); // one leap, not a tick in between
            answer.SetResult(_fails);
        }

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
        LogRecord record = Assert.Single(_logger.Records);
        Assert.Equal((EventIds.ProbeInconclusive, LogLevel.Warning), (record.EventId, record.Level));
    }

    [Fact]
    public void BeginDueChecks_SuccessWhileTheProcessWasNotRun_Counts()
    {
        BackendPool pool = Pool(1);
        pool.MarkUnhealthy("backend0:80");
        HealthChecker checker = Checker(pool);
        for (int i = 0; i < 2; i++)
        {
            var answer = new TaskCompletionSource<ProbeResult>();
            Answer(pool.GetAllBackends()[0], answer.Task);
            checker.BeginDueChecks(_stopping.Token);
            _time.Advance(TimeSpan.FromSeconds(2));
            answer.SetResult(_works);
        }

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
    }

    [Fact]
    public void BeginDueChecks_InconclusiveForTwoMinutes_SaysSoOnceAMinuteAndFlipsNothing()
    {
        BackendPool pool = Pool(5);
        HealthChecker checker = Checker(pool);
        Answer(_isUnclear);

        Run(checker, TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));

        Assert.Equal(5, pool.GetHealthyBackends().Count);
        Assert.Equal([EventIds.ProbeInconclusive, EventIds.ProbeInconclusive], _logger.Records.Select(record => record.EventId));
        Assert.Equal("out of file descriptors", _logger.Records[0]["Reason"]);
    }

    [Fact]
    public void BeginDueChecks_ProbeThrows_SaysSoOnceAMinuteAndGoesOn()
    {
        HealthChecker checker = Checker(Pool(2));
        _probe.ProbeAsync(default!, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("defect"));
        Run(checker, TimeSpan.FromSeconds(30));
        LogRecord record = Assert.Single(_logger.Records);
        Assert.Equal((EventIds.CheckerFault, LogLevel.Error, "defect"), (record.EventId, record.Level, record.Exception!.Message));

        List<double> times = RecordTimes(_works);
        Run(checker, TimeSpan.FromSeconds(4));
        Assert.Equal(4, times.Count);
    }

    [Fact]
    public void BeginDueChecks_PoolWithoutBackends_DoesNothing()
    {
        Checker(Pool(0)).BeginDueChecks(_stopping.Token);
        Assert.Empty(_logger.Records);
    }

    [Fact]
    public void BeginDueChecks_BackendsWithIntervalsOfTheirOwn_AreAskedAsOften()
    {
        BackendPool pool = Pools.Of("a:1", "b:1 check_interval=500ms", "c:1 check=none");
        Answer(_works);

        Run(Checker(pool), TimeSpan.FromSeconds(6));

        int AskedFor(string name) => _probe.ReceivedCalls().Count(call => call.GetArguments()[0] == pool.Named(name));
        Assert.InRange(AskedFor("a:1"), 3, 4);
        Assert.InRange(AskedFor("b:1"), 11, 13);
        Assert.Equal(0, AskedFor("c:1"));
    }

    private static BackendPool Pool(int count) => new(Enumerable.Range(0, count).Select(i => $"http://backend{i}:80"));

    private HealthChecker Checker(BackendPool pool) => new(Tracker(pool), _probe, _options, _time, _logger);

    private PoolTracker Tracker(BackendPool pool) => new(pool, _options, new PassiveHealthOptions(), _time, _flips);

    private void Answer(ProbeResult result) => _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(Task.FromResult(result));

    private void Answer(Backend backend, ProbeResult result) => Answer(backend, Task.FromResult(result));

    private void Answer(Backend backend, Task<ProbeResult> result) =>
        _probe.ProbeAsync(backend, Arg.Any<CancellationToken>()).Returns(result);

    private List<double> RecordTimes(ProbeResult result)
    {
        var times = new List<double>();
        long start = _time.GetTimestamp();
        _probe.ProbeAsync(default!, default).ReturnsForAnyArgs(_ =>
        {
            times.Add(_time.GetElapsedTime(start).TotalSeconds);
            return Task.FromResult(result);
        });
        return times;
    }

    // The work without the timer: as many ticks as the duration has.
    private void Run(HealthChecker checker, TimeSpan duration)
    {
        for (TimeSpan elapsed = TimeSpan.Zero; elapsed < duration; elapsed += TimeSpan.FromMilliseconds(100))
        {
            checker.BeginDueChecks(_stopping.Token);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running.Done();
    }
}
