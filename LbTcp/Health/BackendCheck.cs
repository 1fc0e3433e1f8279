using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>
/// The checks of one backend: their schedule, the latest check, and whether checks are suspended, as in maintenance and after the backend
/// is removed. The schedule is used by the check that runs, and between two checks by the tick; <see cref="Resume"/> and
/// <see cref="Suspend"/> may be called at any time, by one thread at a time.
/// </summary>
internal sealed class BackendCheck(BackendHealth health, CheckSchedule schedule)
{
    private volatile bool _isSuspended = true;
    private volatile bool _isResumed;
    private volatile int _suspensions;
    private long _intervalTicks;

    /// <summary>The backend to check.</summary>
    public Backend Backend => Health.Backend;

    /// <summary>The health record that receives the results.</summary>
    public BackendHealth Health { get; } = health;

    /// <summary>The latest check.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>
    /// The number of times that checks were suspended. The result of a check that began before the latest suspension is ignored.
    /// </summary>
    public int Suspensions => _suspensions;

    /// <summary>Schedules checks at <paramref name="interval"/>; if they were suspended, the next one is due at once.</summary>
    public void Resume(TimeSpan interval)
    {
        Volatile.Write(ref _intervalTicks, interval.Ticks);
        if (!_isSuspended)
            return;
        _isResumed = true;
        _isSuspended = false;
    }

    /// <summary>Suspends checks until <see cref="Resume"/> is called.</summary>
    public void Suspend()
    {
        if (_isSuspended)
            return;
        _isSuspended = true;
        _suspensions++;
    }

    /// <summary>Returns whether a check is due; called by the tick.</summary>
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

    /// <summary>Schedules the check after the one that began at <paramref name="begun"/>; called at the end of that check.</summary>
    public void PlanNext(TimeSpan begun, bool isBetweenStates) => schedule.PlanNext(begun, isBetweenStates);
}
