using LbTcp.Discovery;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Health;

public sealed class ProbeDeadlinesTests : IDisposable
{
    private readonly WatchedClock _clock = new();
    private readonly ProbeDeadlines _deadlines;
    private readonly CancellationTokenSource _stopping = new();

    public ProbeDeadlinesTests() => _deadlines = new ProbeDeadlines(_clock);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public void Begin_DeadlinesOfAnyOrder_EachPassesInItsTime()
    {
        using ProbeDeadline late = Begin(2000);
        using ProbeDeadline early = Begin(500);
        using ProbeDeadline middle = Begin(1000);

        bool[] Passed() => [early.HasPassed, middle.HasPassed, late.HasPassed];
        Assert.Equal([false, false, false], Passed());
        Advance(499);
        Assert.Equal([false, false, false], Passed());
        Advance(1);
        Assert.Equal([true, false, false], Passed());
        Assert.True(early.Token.IsCancellationRequested);
        Advance(500);
        Assert.Equal([true, true, false], Passed());
        Advance(999);
        Assert.Equal([true, true, false], Passed());
        Advance(1);
        Assert.Equal([true, true, true], Passed());
    }

    [Fact]
    public void Begin_ManyDeadlines_TakeOneTimer()
    {
        for (int i = 0; i < 1000; i++)
        {
            using ProbeDeadline deadline = Begin(2000);
            Advance(10);
        }

        Assert.Equal(1, _clock.Timers);
    }

    [Fact]
    public void Dispose_BeforeTheDeadline_ItNeverPasses()
    {
        ProbeDeadline disposed = Begin(500);
        using ProbeDeadline other = Begin(600);

        disposed.Dispose();
        Advance(1000);

        Assert.Equal((false, false, true), (disposed.HasPassed, disposed.Token.IsCancellationRequested, other.HasPassed));
    }

    [Fact]
    public void Begin_AfterAllHavePassed_PassesAsWell()
    {
        using ProbeDeadline first = Begin(500);
        Advance(5000);
        using ProbeDeadline second = Begin(500);
        Advance(500);
        Assert.True(second.HasPassed);
    }

    [Fact]
    public void Token_ProbingEnds_FiresWithoutThatTheDeadlineHasPassed()
    {
        using ProbeDeadline deadline = Begin(500);
        _stopping.Cancel();
        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.False(deadline.HasPassed);
        Assert.Throws<OperationCanceledException>(deadline.ThrowIfProbingEnds);
    }

    [Fact]
    public void BeginAttempt_ShorterThanTheDeadline_HasATimeOfItsOwn()
    {
        using ProbeDeadline deadline = Begin(1000);
        CancellationToken first = deadline.BeginAttempt(TimeSpan.FromMilliseconds(400));
        Advance(400);
        Assert.True(first.IsCancellationRequested);
        Assert.True(((IDialLimit)deadline).HasTimedOut);

        CancellationToken second = deadline.BeginAttempt(TimeSpan.FromMilliseconds(400));
        Assert.False(second.IsCancellationRequested);
        Assert.False(((IDialLimit)deadline).HasTimedOut);
        Advance(400);
        Assert.True(second.IsCancellationRequested);

        CancellationToken third = deadline.BeginAttempt(TimeSpan.FromMilliseconds(400));
        Advance(200);
        Assert.True(third.IsCancellationRequested); // the deadline of the whole probe
        Assert.True(deadline.HasPassed);
    }

    private ProbeDeadline Begin(int milliseconds) => _deadlines.Begin(TimeSpan.FromMilliseconds(milliseconds), _stopping.Token);

    private void Advance(int milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
