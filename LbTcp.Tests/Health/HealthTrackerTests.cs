using LbTcp.Configuration;
using LbTcp.Health;

namespace LbTcp.Tests.Health;

public class HealthTrackerTests
{
    private readonly HealthTracker _tracker = new(new(new HealthCheckOptions { Rise = 2, Fall = 3 }));

    [Fact]
    public void Record_FailuresInARowBelowFall_DoNotFlip()
    {
        Assert.False(_tracker.Record(ProbeOutcome.Unhealthy, isHealthy: true));
        Assert.False(_tracker.Record(ProbeOutcome.Unhealthy, isHealthy: true));
    }

    [Fact]
    public void Record_FallFailuresInARow_Flip()
    {
        Assert.Equal([false, false, true], Record(isHealthy: true, ProbeOutcome.Unhealthy, ProbeOutcome.Unhealthy, ProbeOutcome.Unhealthy));
    }

    [Fact]
    public void Record_RiseSuccessesInARow_Flip()
    {
        Assert.Equal([false, true], Record(isHealthy: false, ProbeOutcome.Healthy, ProbeOutcome.Healthy));
    }

    [Fact]
    public void Record_SuccessBetweenFailures_StartsOver()
    {
        Assert.DoesNotContain(true, Record(
            isHealthy: true,
            ProbeOutcome.Unhealthy, ProbeOutcome.Unhealthy, ProbeOutcome.Healthy, ProbeOutcome.Unhealthy, ProbeOutcome.Unhealthy));
    }

    [Fact]
    public void Record_InconclusiveBetweenFailures_ChangesNothing()
    {
        Assert.Equal([false, false, false, true], Record(
            isHealthy: true,
            ProbeOutcome.Unhealthy, ProbeOutcome.Inconclusive, ProbeOutcome.Unhealthy, ProbeOutcome.Unhealthy));
    }

    [Fact]
    public void Record_BackendFlippedFromOutside_CountsOnlyResultsAgainstTheNewState()
    {
        Record(isHealthy: true, ProbeOutcome.Unhealthy, ProbeOutcome.Unhealthy);
        Assert.Equal([false, true], Record(isHealthy: false, ProbeOutcome.Healthy, ProbeOutcome.Healthy));
    }

    [Fact]
    public void IsBetweenStates_FirstFailureToFlip_IsTrueOnlyInBetween()
    {
        Assert.False(_tracker.IsBetweenStates);
        Record(isHealthy: true, ProbeOutcome.Unhealthy);
        Assert.True(_tracker.IsBetweenStates);
        Record(isHealthy: true, ProbeOutcome.Unhealthy, ProbeOutcome.Unhealthy);
        Assert.False(_tracker.IsBetweenStates);
    }

    [Fact]
    public void IsBetweenStates_SuccessAfterFailure_IsFalse()
    {
        Record(isHealthy: true, ProbeOutcome.Unhealthy, ProbeOutcome.Healthy);
        Assert.False(_tracker.IsBetweenStates);
    }

    private bool[] Record(bool isHealthy, params ProbeOutcome[] outcomes) =>
        [.. outcomes.Select(outcome => _tracker.Record(outcome, isHealthy))];
}
