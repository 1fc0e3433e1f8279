using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>
/// The checks of one backend: their schedule, the latest one, and whether they are suspended, as they are in maintenance and after the
/// backend was removed. The schedule belongs to the check that runs, and between two checks to the tick; <see cref="Resume"/> and
/// <see cref="Suspend"/> may be called meanwhile, by one thread at a time.
/// </summary>
internal sealed class BackendCheck(BackendHealth health, CheckSchedule schedule)
{
    private volatile bool _isSuspended = true;
    private volatile bool _isResumed;
    private volatile int _suspensions;
    private long _intervalTicks;

    /// <summary>The backend to check.</summary>
    public Backend Backend => Health.Backend;

    /// <summary>The record that gets the results.</summary>
    public BackendHealth Health { get; } = health;

    /// <summary>The latest check.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>How often checks were suspended: the result of one that began before the last time no longer counts.</summary>
    public int Suspensions => _suspensions;

    /// <summary>Has checks made at that interval; the next one at once when they were suspended.</summary>
    public void Resume(TimeSpan interval)
    {
        Volatile.Write(ref _intervalTicks, interval.Ticks);
        if (!_isSuspended)
            return;
        _isResumed = true;
        _isSuspended = false;
    }

    /// <summary>Ends checks until <see cref="Resume"/>.</summary>
    public void Suspend()
    {
        if (_isSuspended)
            return;
        _isSuspended = true;
        _suspensions++;
    }

    /// <summary>Whether a check is to begin; called by the tick.</summary>
    public bool IsDue(TimeSpan now)
    {
        if (_isSuspended || !Run.IsCompleted)
            return false;
        schedule.ChangeInterval(TimeSpan.FromTicks(Volatile.Read(ref _intervalTicks)));
        if (_isResumed)
        {
            _isResumed = false;
            schedule.Restart();
        }

        if (Health.TakeProbeRequest())
            schedule.Hasten();
        return schedule.Due <= now;
    }

    /// <summary>Plans the check that follows one which began at <paramref name="begun"/>; called by that check at its end.</summary>
    public void PlanNext(TimeSpan begun, bool isBetweenStates) => schedule.PlanNext(begun, isBetweenStates);
}
