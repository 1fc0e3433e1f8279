using LbTcp.Health;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

public class HeartbeatTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Heartbeat _heartbeat;

    public HeartbeatTests() => _heartbeat = new Heartbeat(_time, tolerance: TimeSpan.FromMilliseconds(500));

    [Fact]
    public void HasRunSince_RegularBeats_IsTrue()
    {
        int pauses = _heartbeat.Pauses;
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _heartbeat.Beat();
        }

        Assert.True(_heartbeat.HasRunSince(pauses));
    }

    [Fact]
    public void HasRunSince_BeatIsMissing_IsFalse()
    {
        int pauses = _heartbeat.Pauses;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_heartbeat.HasRunSince(pauses));
    }

    [Fact]
    public void HasRunSince_BeatCameLate_IsFalseForWhatBeganBefore()
    {
        int before = _heartbeat.Pauses;
        _time.Advance(TimeSpan.FromSeconds(1));
        _heartbeat.Beat();
        Assert.False(_heartbeat.HasRunSince(before));
        Assert.True(_heartbeat.HasRunSince(_heartbeat.Pauses));
    }
}
