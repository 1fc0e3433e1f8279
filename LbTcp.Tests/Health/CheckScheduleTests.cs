using LbTcp.Health;

namespace LbTcp.Tests.Health;

public class CheckScheduleTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    [Fact]
    public void Due_AtTheStart_IsAtOnce()
    {
        Assert.Equal(TimeSpan.Zero, new CheckSchedule(_interval, phase: 0.5).Due);
    }

    [Theory]
    [InlineData(0, 1)] // after the first round the backend's own moment of the same interval
    [InlineData(1, 3)]
    [InlineData(1.1, 3)] // begun a little late: no drift
    [InlineData(2.4, 3)]
    [InlineData(2.6, 3.8)] // the next moment is too near, and the one after it too far: half way to that
    [InlineData(10.2, 11)]
    public void PlanNext_Settled_IsAQuarterToAWholeIntervalLaterAndAtItsOwnMomentIfPossible(double begun, double due)
    {
        var schedule = new CheckSchedule(_interval, phase: 0.5);
        schedule.PlanNext(TimeSpan.FromSeconds(begun), isBetweenStates: false);
        Assert.Equal(TimeSpan.FromSeconds(due), schedule.Due);
    }

    [Fact]
    public void ChangeInterval_CheckIsPlanned_PlansItAnew()
    {
        var schedule = new CheckSchedule(TimeSpan.FromHours(1), phase: 0.5);
        schedule.PlanNext(TimeSpan.FromSeconds(3), isBetweenStates: false);

        schedule.ChangeInterval(_interval);

        Assert.Equal(TimeSpan.FromSeconds(5), schedule.Due);
    }

    [Fact]
    public void ChangeInterval_CheckIsDueAtOnce_StaysSo()
    {
        var schedule = new CheckSchedule(_interval, phase: 0.5);
        schedule.PlanNext(TimeSpan.FromSeconds(3), isBetweenStates: false);
        schedule.Restart();

        schedule.ChangeInterval(TimeSpan.FromHours(1));
        schedule.Hasten();

        Assert.Equal(TimeSpan.Zero, schedule.Due);
    }

    [Fact]
    public void PlanNext_BetweenStates_IsAQuarterIntervalLater()
    {
        var schedule = new CheckSchedule(_interval, phase: 0.5);
        schedule.PlanNext(TimeSpan.FromSeconds(3), isBetweenStates: true);
        Assert.Equal(TimeSpan.FromSeconds(3.5), schedule.Due);
    }
}
