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
    public async Task BeginDueChecks_Start_ProbesEveryBackendAtOnce()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(3));
        _fixture.Answer(HealthCheckerFixture.Works);

        checker.BeginDueChecks(_fixture.Stopping.Token);

        await _fixture.Probe.ReceivedWithAnyArgs(3).ProbeAsync(default!, default, default);
    }

    [Fact]
    public async Task WhenIdleAsync_ProbesUnderWay_CompletesAfterThem()
    {
        BackendPool pool = HealthCheckerFixture.Pool(2);
        HealthChecker checker = _fixture.Checker(pool);
        var answer = new TaskCompletionSource<ProbeResult>();
        _fixture.Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(answer.Task);

        checker.BeginDueChecks(_fixture.Stopping.Token);
        _ = pool.Apply("backend0:80");
        Task idle = checker.WhenIdleAsync();
        Assert.False(idle.IsCompleted);

        answer.SetCanceled();
        await idle.Done();
    }

    [Fact]
    public async Task WhenIdleAsync_NoProbeUnderWay_CompletesAtOnce() =>
        await _fixture.Checker(HealthCheckerFixture.Pool(1)).WhenIdleAsync().Done();

    [Fact]
    public void BeginDueChecks_FallFailures_MarksTheBackendUnhealthyAndLogsItOnce()
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
    public void BeginDueChecks_RiseSuccesses_MarksTheBackendHealthyAndLogsItOnce()
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
    public void BeginDueChecks_ResultWithHint_LogsTheHint()
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
        _fixture.Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(
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
