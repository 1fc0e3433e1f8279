using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute.ExceptionExtensions;

namespace LbTcp.Tests.Health;

/// <summary>Which results of probes count as evidence against a backend.</summary>
public sealed class HealthCheckerEvidenceTests : IDisposable
{
    private readonly HealthCheckerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void BeginDueChecks_FailureWhileTheProcessWasNotRunning_IsNoEvidence()
    {
        BackendPool pool = HealthCheckerFixture.Pool(1);
        HealthChecker checker = _fixture.Checker(pool);
        for (int i = 0; i < 10; i++)
        {
            var answer = new TaskCompletionSource<ProbeResult>();
            _fixture.Answer(pool.GetAllBackends()[0], answer.Task);
            checker.BeginDueChecks(_fixture.Stopping.Token);
            _fixture.Clock.Advance(TimeSpan.FromSeconds(2)); // one leap, not a tick in between
            answer.SetResult(HealthCheckerFixture.Fails);
        }

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
        LogRecord record = Assert.Single(_fixture.Logs.Records);
        Assert.Equal((EventIds.ProbeInconclusive, LogLevel.Warning), (record.EventId, record.Level));
    }

    [Fact]
    public void BeginDueChecks_SuccessWhileTheProcessWasNotRunning_Counts()
    {
        BackendPool pool = HealthCheckerFixture.Pool(1);
        pool.MarkUnhealthy("backend0:80");
        HealthChecker checker = _fixture.Checker(pool);
        for (int i = 0; i < 2; i++)
        {
            var answer = new TaskCompletionSource<ProbeResult>();
            _fixture.Answer(pool.GetAllBackends()[0], answer.Task);
            checker.BeginDueChecks(_fixture.Stopping.Token);
            _fixture.Clock.Advance(TimeSpan.FromSeconds(2));
            answer.SetResult(HealthCheckerFixture.Works);
        }

        Assert.True(pool.GetAllBackends()[0].IsHealthy);
    }

    [Fact]
    public void BeginDueChecks_InconclusiveForTwoMinutes_LogsItOncePerMinuteAndFlipsNothing()
    {
        BackendPool pool = HealthCheckerFixture.Pool(5);
        HealthChecker checker = _fixture.Checker(pool);
        _fixture.Answer(HealthCheckerFixture.IsUnclear);

        _fixture.Run(checker, TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));

        Assert.Equal(5, pool.GetHealthyBackends().Count);
        Assert.Equal([EventIds.ProbeInconclusive, EventIds.ProbeInconclusive], _fixture.Logs.Records.Select(record => record.EventId));
        Assert.Equal("out of file descriptors", _fixture.Logs.Records[0]["Reason"]);
    }

    [Fact]
    public void BeginDueChecks_ProbeThrows_LogsItOncePerMinuteAndGoesOn()
    {
        HealthChecker checker = _fixture.Checker(HealthCheckerFixture.Pool(2));
        _fixture.Probe.ProbeAsync(default!, default, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("defect"));
        _fixture.Run(checker, TimeSpan.FromSeconds(30));
        LogRecord record = Assert.Single(_fixture.Logs.Records);
        Assert.Equal((EventIds.CheckerFault, LogLevel.Error, "defect"), (record.EventId, record.Level, record.Exception!.Message));

        List<double> times = _fixture.RecordTimes(HealthCheckerFixture.Works);
        _fixture.Run(checker, TimeSpan.FromSeconds(4));
        Assert.Equal(4, times.Count);
    }
}
