using LbTcp.Connections;
using LbTcp.Forwarding;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class PeerSilenceTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _clock = new();
    private PeerSilence _silence;

    [Fact]
    public void Lasts_NothingAcknowledgedForTheTimeout_IsTrue()
    {
        Assert.False(Lasts(sinceAck: 5, retries: 0));
        Assert.False(Lasts(sinceAck: 64.9, retries: 8, after: 59.9));

        Assert.True(Lasts(sinceAck: 65, retries: 8, after: 0.1));
    }

    // The window probes of a peer that has read nothing for long are two minutes apart: a single one may be lost.
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Lasts_FewRetries_AreNotEnough(int retries, bool expected)
    {
        Assert.False(Lasts(sinceAck: 120, retries: 1));

        Assert.Equal(expected, Lasts(sinceAck: 360, retries, after: 240));
    }

    [Fact]
    public void Lasts_AnAcknowledgementInBetween_StartsAnew()
    {
        Assert.False(Lasts(sinceAck: 5, retries: 0));
        Assert.False(Lasts(sinceAck: 10, retries: 5, after: 50)); // 40 s after the begin, and unanswered again
        Assert.False(Lasts(sinceAck: 60, retries: 8, after: 50));

        Assert.True(Lasts(sinceAck: 70, retries: 9, after: 10));
    }

    [Fact]
    public void Lasts_AnsweredInBetween_StartsAnew()
    {
        Assert.False(Lasts(sinceAck: 5, retries: 0));
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.False(_silence.Lasts(new TcpInfo { SinceAcknowledgement = TimeSpan.FromSeconds(55) }, _timeout, _clock));
        Assert.False(Lasts(sinceAck: 65, retries: 8, after: 10));

        Assert.False(Lasts(sinceAck: 124, retries: 10, after: 59));
        Assert.True(Lasts(sinceAck: 125, retries: 10, after: 1));
    }

    private bool Lasts(double sinceAck, int retries, double after = 0)
    {
        _clock.Advance(TimeSpan.FromSeconds(after));
        var info = new TcpInfo { IsUnanswered = true, Retries = retries, SinceAcknowledgement = TimeSpan.FromSeconds(sinceAck) };
        return _silence.Lasts(in info, _timeout, _clock);
    }
}
