using CsCheck;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Admission;

public sealed class ArrivalLimitTests
{
    private readonly JumpingClock _clock = new();
    private long _expected;

    [Theory]
    [InlineData(20, 1, null, 20)]
    [InlineData(20, 1, 5, 5)]
    [InlineData(30, 60, null, 1)] // half an arrival per second
    [InlineData(300, 60, null, 5)]
    public void TryTake_NothingCameBefore_AdmitsTheBurstAtOnce(int count, int seconds, int? burst, int admitted)
    {
        ArrivalLimit limit = Limit(count, seconds, burst);

        for (int i = 0; i < admitted; i++)
            Assert.True(TryTake(limit, out _));

        Assert.False(TryTake(limit, out _));
    }

    [Fact]
    public void TryTake_Refused_TellsWhenTheNextOneIsAdmitted()
    {
        ArrivalLimit limit = Limit(10, 1, burst: 3);
        for (int i = 0; i < 3; i++)
            Assert.True(TryTake(limit, out _));

        Assert.False(TryTake(limit, out long dueAt));
        TimeSpan wait = _clock.GetElapsedTime(_clock.GetTimestamp(), dueAt);
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);
        _clock.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(TryTake(limit, out _));
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.True(TryTake(limit, out _));
        Assert.False(TryTake(limit, out _));
    }

    [Fact]
    public void TryTake_AfterALongPause_AdmitsNoMoreThanTheBurst()
    {
        ArrivalLimit limit = Limit(10, 1, burst: 3);
        Assert.True(TryTake(limit, out _));
        _clock.Advance(TimeSpan.FromDays(1));

        for (int i = 0; i < 3; i++)
            Assert.True(TryTake(limit, out _));
        Assert.False(TryTake(limit, out _));
    }

    [Fact]
    public void TryTake_LongestRateWithTheLargestBurst_DoesNotOverflow()
    {
        ArrivalLimit limit = ArrivalLimit.Of(new EventRate(1, TimeSpan.FromHours(1)), 1_000_000, TimeProvider.System)!;
        long now = TimeProvider.System.GetTimestamp();

        for (int i = 0; i < 1_000_000; i++)
            Assert.True(limit.TryTake(ref _expected, now, out _));
        Assert.False(limit.TryTake(ref _expected, now, out _));
    }

    // Any time between two arrivals: at most the burst, and one per interval.
    [Fact]
    public void TryTake_AnyArrivals_NeverAdmitsMoreThanBurstAndRate() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 8], Gen.Int[0, 120].Array[1, 80]).Sample((count, burst, pauses) =>
        {
            ArrivalLimit limit = Limit(count, 1, burst);
            long expected = 0;
            List<long> admitted = [];
            foreach (int pause in pauses)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(pause));
                if (limit.TryTake(ref expected, _clock.GetTimestamp(), out _))
                    admitted.Add(_clock.GetTimestamp());
            }

            for (int first = 0; first < admitted.Count; first++)
            {
                for (int last = first; last < admitted.Count; last++)
                {
                    double seconds = _clock.GetElapsedTime(admitted[first], admitted[last]).TotalSeconds;
                    Assert.True(last - first + 1 <= burst + (count * seconds) + 1e-9);
                }
            }
        }, iter: 500, threads: 1);

    private ArrivalLimit Limit(int count, int seconds, int? burst) =>
        ArrivalLimit.Of(new EventRate(count, TimeSpan.FromSeconds(seconds)), burst, _clock)!;

    private bool TryTake(ArrivalLimit limit, out long dueAt) => limit.TryTake(ref _expected, _clock.GetTimestamp(), out dueAt);
}
