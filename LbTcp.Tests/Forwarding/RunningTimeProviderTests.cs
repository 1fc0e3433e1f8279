using LbTcp.Forwarding;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class RunningTimeProviderTests
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _tolerance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _inner = new();
    private readonly RunningTimeProvider _clock;
    private readonly long _start;

    public RunningTimeProviderTests()
    {
        _clock = new RunningTimeProvider(_inner, _tolerance);
        _start = _clock.GetTimestamp();
    }

    private TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    [Fact]
    public void GetTimestamp_BeatsAreOnTime_IsThatOfTheInnerClock()
    {
        for (int i = 0; i < 10; i++)
        {
            _clock.Beat(_tick);
            _inner.Advance(_tick + _tolerance);
        }

        Assert.Equal(10 * (_tick + _tolerance), Elapsed);
    }

    [Fact]
    public void GetTimestamp_BeatIsLate_StandsStillAndGoesOnWithIt()
    {
        _clock.Beat(_tick);
        _inner.Advance(_pause);
        Assert.Equal(_tick + _tolerance, Elapsed);

        _clock.Beat(_tick);
        Assert.Equal(_tick + _tolerance, Elapsed);
        _inner.Advance(_tick);
        Assert.Equal(_tick + _tolerance + _tick, Elapsed);
    }

    [Fact]
    public void GetTimestamp_NoBeatIsExpected_GoesOn()
    {
        _inner.Advance(_pause);
        Assert.Equal(_pause, Elapsed);

        _clock.Beat(Timeout.InfiniteTimeSpan);
        _inner.Advance(_pause);
        Assert.Equal(2 * _pause, Elapsed);
        _clock.Beat(_tick);
        Assert.Equal(2 * _pause, Elapsed);
    }
}
