using LbTcp.Configuration;
using LbTcp.Health;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

public sealed class OutlierTrackerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OutlierTracker _tracker;

    public OutlierTrackerTests() => _tracker = new OutlierTracker(new(new PassiveHealthOptions()), _time);

    [Fact]
    public void RecordFailure_ThreeInARow_RequestsAnEjection() =>
        Assert.Equal(
            [false, false, true, true],
            Enumerable.Range(0, 4).Select(_ => _tracker.RecordFailure(out int _)));

    [Fact]
    public void RecordFailure_SuccessInBetween_StartsOver()
    {
        _ = _tracker.RecordFailure(out _);
        _ = _tracker.RecordFailure(out _);
        _tracker.RecordSuccess();

        Assert.False(_tracker.RecordFailure(out int failures));
        Assert.Equal((1, 1), (failures, _tracker.Failures));
    }

    [Fact]
    public void RecordFailure_FromManyThreads_CountsEach()
    {
        _ = Parallel.For(0, 10_000, _ => _tracker.RecordFailure(out int _));

        Assert.Equal(10_000, _tracker.Failures);
    }

    [Fact]
    public void HasFailedSince_Failure_OnlyForTimesBeforeIt()
    {
        long before = _time.GetTimestamp();
        Assert.False(_tracker.HasFailedSince(before));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _ = _tracker.RecordFailure(out _);

        Assert.True(_tracker.HasFailedSince(before));
        Assert.False(_tracker.HasFailedSince(_time.GetTimestamp()));
    }

    [Fact]
    public void RecordFailure_TurnedOff_NeverRequestsOne()
    {
        var tracker = new OutlierTracker(new(new PassiveHealthOptions { Fall = 0 }), _time);

        Assert.DoesNotContain(true, Enumerable.Range(0, 100).Select(_ => tracker.RecordFailure(out int _)));
    }

    [Fact]
    public void Eject_Repeatedly_LastsLongerUpToTheMaximum()
    {
        double[] seconds = [.. Enumerable.Range(0, 40).Select(_ => EjectAndReturn().TotalSeconds)];

        Assert.Equal([10, 20, 30, 40], seconds[..4]);
        Assert.Equal([290, 300, 300], [seconds[28], seconds[29], seconds[39]]);
    }

    [Fact]
    public void Eject_AfterAQuietTime_ForgivesOneForEachBaseTime()
    {
        for (int i = 0; i < 5; i++)
            _ = EjectAndReturn();

        _time.Advance(TimeSpan.FromSeconds(25));

        Assert.Equal(TimeSpan.FromSeconds(40), EjectAndReturn()); // the sixth, less two
    }

    [Fact]
    public void IsOver_TimePasses_WhenTheEjectionHasLasted()
    {
        TimeSpan length = _tracker.Eject();

        _time.Advance(length - TimeSpan.FromMilliseconds(1));
        Assert.False(_tracker.IsOver);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_tracker.IsOver);
    }

    private TimeSpan EjectAndReturn()
    {
        TimeSpan length = _tracker.Eject();
        _time.Advance(length);
        _tracker.Return();
        return length;
    }
}
