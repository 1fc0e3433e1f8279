using LbTcp.Forwarding;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class StageDeadlineTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Check_BeforeItsTimeIsUp_ChangesNothing()
    {
        var attempt = new StageDeadline(_clock.GetTimestamp(), TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(4.999));
        attempt.Check(_clock);

        Assert.False(attempt.TimedOut);
        Assert.False(attempt.IsCancellationRequested);
    }

    [Fact]
    public void Check_ItsTimeIsUp_CancelsAndSaysWhy()
    {
        var attempt = new StageDeadline(_clock.GetTimestamp(), TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(5));
        attempt.Check(_clock);
        attempt.Check(_clock);

        Assert.True(attempt.TimedOut);
        Assert.True(attempt.IsCancellationRequested);
    }

    [Fact]
    public void Cancel_FromOutside_IsNoTimeout()
    {
        var attempt = new StageDeadline(_clock.GetTimestamp(), TimeSpan.FromSeconds(5));

        attempt.Cancel();

        Assert.False(attempt.TimedOut);
    }
}
