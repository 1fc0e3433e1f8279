namespace LbTcp.Hosting;

/// <summary>Periodic work of a service. The work is separate from the timer, so that tests can call it directly.</summary>
/// <param name="name">The name of the work in logs.</param>
/// <param name="interval">
/// The time from one tick to the next, above zero; read again after every tick and by <see cref="Reschedule"/>. Must not block.
/// </param>
/// <param name="work">The work, which must not block for long; the token fires when ticking ends.</param>
/// <param name="finish">
/// Completes when everything that the work has started has ended; called after the last tick. Null if the work starts nothing.
/// </param>
internal sealed class Ticker(string name, Func<TimeSpan> interval, Action<CancellationToken> work, Func<Task>? finish = null)
{
    private readonly Lock _gate = new();
    private PeriodicTimer? _timer;
    private TimeProvider _clock = TimeProvider.System;
    private long _turnedAt;

    /// <summary>The name of the work in logs.</summary>
    public string Name { get; } = name;

    /// <summary>Runs the work at once, and then on every tick; ticks that occur while the work is running count as one.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired.</exception>
    public async Task RunAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _clock = timeProvider;
        using var timer = new PeriodicTimer(interval(), timeProvider);
        Volatile.Write(ref _turnedAt, timeProvider.GetTimestamp());
        Use(timer);
        try
        {
            do
            {
                work(cancellationToken);
                Volatile.Write(ref _turnedAt, timeProvider.GetTimestamp());
                Reschedule();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            Use(null);
        }
    }

    /// <summary>
    /// Reads the interval again at once, so that the next tick does not wait for the end of a longer one. May be called from any thread,
    /// and returns without waiting for the work; no effect unless running.
    /// </summary>
    public void Reschedule()
    {
        lock (_gate) // of two calls at the same time the later one reads the newer interval
        {
            TimeSpan next = interval();
            if (_timer is not { } timer || next == timer.Period)
                return;
            if (timer.Period == Timeout.InfiniteTimeSpan)
                Volatile.Write(ref _turnedAt, _clock.GetTimestamp()); // nothing was due before
            timer.Period = next;
        }
    }

    /// <summary>
    /// Returns for how long the work should have been done by now and was not; zero if it is on time or does not run. May be called from
    /// any thread.
    /// </summary>
    /// <param name="timeProvider">The clock that it runs by.</param>
    public TimeSpan OverdueBy(TimeProvider timeProvider)
    {
        lock (_gate)
        {
            if (_timer is not { } timer || timer.Period == Timeout.InfiniteTimeSpan)
                return TimeSpan.Zero;
            TimeSpan overdue = timeProvider.GetElapsedTime(Volatile.Read(ref _turnedAt)) - timer.Period;
            return overdue > TimeSpan.Zero ? overdue : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Completes when everything that the work has started has ended. Must be called after <see cref="RunAsync"/> has ended.
    /// </summary>
    public Task FinishAsync() => finish is null ? Task.CompletedTask : finish();

    private void Use(PeriodicTimer? timer)
    {
        lock (_gate)
            _timer = timer;
    }
}
