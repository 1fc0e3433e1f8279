using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A clock that stands still until the test moves it, and that tells when code begins to wait for it.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private int _timers;

    /// <summary>The number of timers that were made in all.</summary>
    public int Timers => Volatile.Read(ref _timers);

    /// <summary>Completes when <paramref name="count"/> timers were made in all.</summary>
    public Task HasTimersAsync(int count) => Until.TrueAsync(() => Timers >= count, $"{count} timers were made");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _ = Interlocked.Increment(ref _timers);
        return timer;
    }
}
