using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Health;

public sealed class HealthCheckerTests : IDisposable
{
    private readonly HealthCheckerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_Start_ProbesEveryBackendAtOnce()
    {
        BackendPool pool = HealthCheckerFixture.Pool(3);
        HealthChecker checker = _fixture.Checker(pool);
        _fixture.Answer(HealthCheckerFixture.Works);

        Task running = checker.RunAsync(_fixture.Stopping.Token);

        await _fixture.Probe.ReceivedWithAnyArgs(3).ProbeAsync(default!, default);
        await _fixture.StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_ProbesUnderWayWhenStopped_EndsAfterThem()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(1));
        var answer = new TaskCompletionSource<ProbeResult>();
        _fixture.Probe.ProbeAsync(default!, default).ReturnsForAnyArgs(answer.Task);

        Task running = checker.RunAsync(_fixture.Stopping.Token);
        await _fixture.Stopping.CancelAsync();
        Assert.False(running.IsCompleted);

        answer.SetCanceled();
        await running.Done();
    }

    [Fact]
    public async Task RunAsync_Tick_BeginsChecksThatAreDue()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(1));
        var probed = new SemaphoreSlim(0);
        _fixture.Probe.ProbeAsync(default!, default).ReturnsForAnyArgs(_ =>
        {
            probed.Release();
            return Task.FromResult(HealthCheckerFixture.Works);
        });

        Task running = checker.RunAsync(_fixture.Stopping.Token);
        Assert.True(await probed.WaitAsync(Until.Patience));
        _fixture.Clock.Advance(_fixture.Options.Interval);
        Assert.True(await probed.WaitAsync(Until.Patience));
        await _fixture.StopAsync(running);
    }

    [Fact]
    public void BeginDueChecks_FallFailures_MarksTheBackendDownAndSaysSoOnce()
    {
        BackendPool pool = HealthCheckerFixture.Pool(3);
        HealthChecker checker = _fixture.Checker(pool);
        _fixture.Answer(HealthCheckerFixture.Works);
        _fixture.Answer(pool.GetAllBackends()[0], HealthCheckerFixture.Fails);

        _fixture.Run(checker, TimeSpan.FromSeconds(20));

        Assert.False(pool.GetAllBackends()[0].IsHealthy);
        Assert.Equal(2, pool.GetHealthyBackends().Count);
        LogRecord record = Assert.Single(_fixture.Flips.Records);
        Assert.Equal((EventIds.BackendDown, LogLevel.Warning), (record.EventId, record.Level));
        Assert.Equal("backend0:80", record["Backend"]);
        Assert.Equal("GET /health answered 503", record["Reason"]);
        Assert.Equal((3, 2, 3), (record["Failures"], record["Healthy"], record["Total"]));
        Assert.Null(record["Hint"]);
    }

    [Fact]
    public void BeginDueChecks_RiseSuccesses_MarksTheBackendUpAndSaysSoOnce()
    {
        BackendPool pool = HealthCheckerFixture.Pool(1);
        HealthChecker checker = _fixture.Checker(pool);
        _fixture.Answer(HealthCheckerFixture.Fails);
        _fixture.Run(checker, TimeSpan.FromSeconds(10));
        _fixture.Answer(HealthCheckerFixture.Works);
        _fixture.Run(checker, TimeSpan.FromSeconds(10));

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
        Assert.Equal([EventIds.BackendDown, EventIds.BackendUp], _fixture.Flips.Records.Select(record => record.EventId));
        Assert.Equal("GET /health answered 200", _fixture.Flips.Single(EventIds.BackendUp)["Reason"]);
        Assert.Equal(
            (2, 1, 1), (_fixture.Flips.Records[1]["Successes"], _fixture.Flips.Records[1]["Healthy"], _fixture.Flips.Records[1]["Total"]));
    }

    [Fact]
    public void BeginDueChecks_ResultWithHint_SaysItInTheLine()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(1));
        _fixture.Answer(HealthCheckerFixture.Fails with { Hint = "try --health-path" });
        _fixture.Run(checker, TimeSpan.FromSeconds(10));
        Assert.Equal("try --health-path", _fixture.Flips.Single(EventIds.BackendDown)["hint"]);
    }

    [Fact]
    public void BeginDueChecks_BackendFlapsEveryCheck_StaysAsItIs()
    {
        BackendPool pool = HealthCheckerFixture.Pool(1);
        HealthChecker checker = _fixture.Checker(pool);
        int calls = 0;
        _fixture.Probe.ProbeAsync(default!, default).ReturnsForAnyArgs(
            _ => Task.FromResult(calls++ % 2 == 0 ? HealthCheckerFixture.Fails : HealthCheckerFixture.Works));

        _fixture.Run(checker, TimeSpan.FromMinutes(2));

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
        Assert.Empty(_fixture.Flips.Records);
    }

    [Fact]
    public void BeginDueChecks_PoolWithoutBackends_DoesNothing()
    {
        _fixture.Checker(HealthCheckerFixture.Pool(0)).BeginDueChecks(_fixture.Stopping.Token);
        Assert.Empty(_fixture.Logs.Records);
    }
}
