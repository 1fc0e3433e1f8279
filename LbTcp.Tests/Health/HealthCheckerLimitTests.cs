using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Health;

/// <summary>How long a check waits for its answer, and what an answer that comes later means. Defaults: 2s, 2s, rise 2, fall 3.</summary>
public sealed class HealthCheckerLimitTests : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _quarter = TimeSpan.FromMilliseconds(500);

    private readonly SimulatedChecks _checks = new(new HealthCheckOptions());

    public void Dispose() => _checks.Dispose();

    [Fact]
    public void UsualTimeUnknown_ChecksGetTheTimeout()
    {
        _checks.VanishNow();

        TimeSpan? toDown = _checks.RunUntilDown();

        Assert.InRange(toDown!.Value.TotalSeconds, 6, 6.4);
        Assert.Equal([_timeout, _timeout, _timeout], _checks.Limits);
        Assert.Equal(Enumerable.Repeat("timed out after 2s", 3), Details(3));
    }

    [Fact]
    public void AnswersFastAndVanishes_ChecksGetAQuarterOfTheTimeoutAndOneProbeListensOn()
    {
        _checks.AnswerAfter(1);
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.VanishNow();
        _checks.Limits.Clear();

        TimeSpan? toDown = _checks.RunUntilDown();

        Assert.True(toDown < TimeSpan.FromSeconds(4), $"down after {toDown}");
        Assert.Equal([_timeout, _quarter, _quarter], _checks.Limits);
        Assert.Equal(1, _checks.Running);
        Assert.All(Details(3), detail => Assert.StartsWith("timed out after 500ms, usually answered in ", detail));
        _checks.Run(_timeout);
        Assert.Equal(_timeout, _checks.Limits[^1]); // a slow starter can come back
    }

    [Fact]
    public void OneSlowAnswer_DoesNotCountWithLaterFailures()
    {
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.AnswerAfter(900);
        _checks.RunUntilCheck();
        _checks.VanishNow();
        _checks.RunUntilCheck();
        _checks.RunUntilCheck();

        CheckRecord[] checks = [.. _checks.History.Take(3)]; // the newest first
        Assert.Equal(
            [ProbeOutcome.Unhealthy, ProbeOutcome.Healthy, ProbeOutcome.Unhealthy], checks.Select(check => check.Outcome));
        Assert.Equal("connected, late", checks[1].Detail);
        Assert.InRange(checks[1].Duration.TotalMilliseconds, 900, 1000);
        Assert.Equal(1, _checks.Health.Checks.Streak);
    }

    [Fact]
    public void BecomesSlow_GetsMoreTimeAndStaysHealthy()
    {
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.AnswerAfter(900);
        _checks.Run(TimeSpan.FromMinutes(1));

        Assert.True(_checks.Backend.IsHealthy);
        Assert.All(_checks.History.Take(20), check => Assert.Equal(ProbeOutcome.Healthy, check.Outcome));
        Assert.Equal(_timeout, _checks.Limits[^1]);
    }

    [Fact]
    public void SlowFirstAnswerAndSlowRecovery_DoNotLengthenTheLimit()
    {
        _checks.AnswerAfter(1900);
        _checks.RunUntilCheck();
        _checks.AnswerAfter(1);
        _checks.Run(TimeSpan.FromSeconds(8));
        _checks.VanishNow();
        Assert.NotNull(_checks.RunUntilDown());
        _checks.AnswerAfter(1500); // the packets of a backend that comes back are retransmitted
        _ = _checks.RunUntilUp();
        _checks.VanishNow();
        Assert.True(_checks.RunUntilDown() < TimeSpan.FromSeconds(4));
        Assert.StartsWith("timed out after 500ms", _checks.History[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void FallChangesToOne_NextCheckGetsTheTimeout()
    {
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.Current.Replace(_checks.Current.Value with { Fall = 1 });
        _checks.AnswerAfter(1900);

        _checks.Run(TimeSpan.FromSeconds(10));

        Assert.True(_checks.Backend.IsHealthy);
        Assert.Equal(_timeout, _checks.Limits[^1]);
    }

    [Fact]
    public void TimeoutChanges_NextCheckGetsAQuarterOfTheNewOne()
    {
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.Current.Replace(_checks.Current.Value with { Timeout = TimeSpan.FromSeconds(8) });
        _checks.VanishNow();

        Assert.True(_checks.RunUntilDown() > TimeSpan.FromSeconds(6));
        Assert.StartsWith("timed out after 2s, usually", _checks.History[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void BackendIsRemovedAndReturns_KeepsItsUsualTimeAndDropsTheLateAnswer()
    {
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.AnswerAfter(700);
        _checks.RunUntilCheck();
        _checks.Run(TimeSpan.FromSeconds(0.6));
        Assert.Equal(1, _checks.Health.Checks.Streak);
        Backend backend = _checks.Backend;
        backend.Load(1);
        _ = _checks.Pool.Apply("other:1");
        _checks.Run(TimeSpan.FromSeconds(5));

        _ = _checks.Pool.Apply("b0:1");
        Assert.Same(backend, _checks.Backend);
        _checks.VanishNow();
        _checks.RunUntilCheck();
        Assert.Equal(_timeout, _checks.Limits[^1]); // no earlier probe listens
        _checks.Run(TimeSpan.FromSeconds(0.6));

        Assert.Equal(2, _checks.Health.Checks.Streak);
        Assert.DoesNotContain("connected, late", _checks.History.Select(check => check.Detail));
        Assert.StartsWith("timed out after 500ms", _checks.History[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void LateProbe_HasAPlaceOfItsOwnUntilItEnds()
    {
        using var checks = new SimulatedChecks(new HealthCheckOptions());
        checks.Places.Limit = 1;
        checks.Places.LateLimit = 1;
        checks.Run(TimeSpan.FromSeconds(5));
        checks.VanishNow();
        checks.RunUntilCheck();
        Assert.False(checks.Places.IsFree(isSuspected: false));

        checks.Run(TimeSpan.FromSeconds(0.5));

        Assert.True(checks.Places.IsFree(isSuspected: false));
        Assert.False(checks.Places.TryTakeLate());
        checks.Run(TimeSpan.FromSeconds(1.5));
        Assert.True(checks.Places.TryTakeLate());
    }

    [Fact]
    public void LateProbe_NoPlaceForIt_KeepsTheOneOfItsCheck()
    {
        using var checks = new SimulatedChecks(new HealthCheckOptions());
        checks.Places.Limit = 1;
        checks.Places.LateLimit = 0;
        checks.Run(TimeSpan.FromSeconds(5));
        checks.VanishNow();
        checks.RunUntilCheck();

        checks.Run(TimeSpan.FromSeconds(1.9));
        Assert.False(checks.Places.IsFree(isSuspected: false));
        int before = checks.Limits.Count;
        checks.Run(TimeSpan.FromSeconds(0.3));

        Assert.Equal(before + 1, checks.Limits.Count); // the next check began when the place was free
    }

    // The answers are there, but this process does not run to take them before the time limits pass.
    [Fact]
    public void ThisProcessIsPausedDuringEveryCheck_NothingCounts()
    {
        _checks.AnswerAfter(100);
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.VanishNow();
        for (int i = 0; i < 10; i++)
        {
            _checks.RunUntilCheck();
            _checks.Pause(TimeSpan.FromMilliseconds(600));
        }

        Assert.True(_checks.Backend.IsHealthy);
        Assert.Equal(0, _checks.Health.Checks.Streak);
        Assert.Contains("while this process was not running", _checks.History[0].Detail, StringComparison.Ordinal);
    }

    // Half of the limit is left to the answer.
    [Fact]
    public void ThisProcessIsPausedForMoreThanHalfOfTheLimit_FailureDoesNotCount()
    {
        _checks.Run(TimeSpan.FromSeconds(5));
        _checks.VanishNow();
        _checks.RunUntilCheck();
        _checks.Pause(TimeSpan.FromMilliseconds(260));
        _checks.Run(TimeSpan.FromMilliseconds(300));

        Assert.Equal(ProbeOutcome.Inconclusive, _checks.History[0].Outcome);
        Assert.Equal(0, _checks.Health.Checks.Streak);
    }

    private IEnumerable<string> Details(int count) => _checks.History.Take(count).Select(check => check.Detail);
}
