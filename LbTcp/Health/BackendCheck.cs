using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>
/// The checks of one backend: their schedule, whether one is running, and whether checks are suspended, as in maintenance and after the
/// backend is removed. Used by the check that runs, and between two checks by the tick; <see cref="Resume"/> and <see cref="Suspend"/> may
/// be called at any time, by one thread at a time.
/// </summary>
internal sealed class BackendCheck(BackendHealth health, CheckSchedule schedule)
{
    private volatile bool _isSuspended = true;
    private volatile bool _isResumed;
    private volatile int _suspensions;
    private volatile bool _isRunning;
    private int _suspensionsWhenDue;
    private long _intervalTicks;

    /// <summary>The backend to check.</summary>
    public Backend Backend => Health.Backend;

    /// <summary>The health record that receives the results.</summary>
    public BackendHealth Health { get; } = health;

    /// <summary>
    /// Whether the latest check failed after having held its place for long, so that the next one will probably do so as well.
    /// </summary>
    public bool IsSuspected { get; private set; }

    /// <summary>
    /// The probe of an earlier check that was not answered in time, if it was not dropped since; at most one is kept.
    /// </summary>
    public LateProbe? Late { get; private set; }

    /// <summary>The time at which the next check is due.</summary>
    public TimeSpan Due => schedule.Due;

    /// <summary>Whether a check is running. Safe to read from any thread.</summary>
    public bool IsRunning => _isRunning;

    /// <summary>Whether checks were suspended since this one was due: its result must be ignored.</summary>
    public bool IsOutdated => _suspensions != _suspensionsWhenDue;

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
        if (_isRunning)
            return false;
        _suspensionsWhenDue = _suspensions; // before the next line: a suspension in between makes the check outdated
        if (_isSuspended)
            return false;
        schedule.ChangeInterval(TimeSpan.FromTicks(Volatile.Read(ref _intervalTicks)));
        if (_isResumed)
        {
            _isResumed = false;
            Late = null; // it was sent before the suspension
            schedule.Restart();
        }

        if (Health.TakeProbeRequest())
            schedule.Hasten();
        return schedule.Due <= now;
    }

    /// <summary>Begins a check, which no other one overlaps.</summary>
    public void Begin() => _isRunning = true;

    /// <summary>Records whether the check makes the backend suspected.</summary>
    public void Suspect(bool isSuspected) => IsSuspected = isSuspected;

    /// <summary>Keeps the probe of a check that was not answered in time.</summary>
    public void Keep(LateProbe late) => Late = late;

    /// <summary>Returns the late probe if it was answered by now; it is dropped when it has ended.</summary>
    public LateProbe? TakeLateAnswer()
    {
        if (Late is not { HasEnded: true } late)
            return null;
        Late = null;
        return late.IsAnswered ? late : null;
    }

    /// <summary>Ends a check and schedules the next one.</summary>
    /// <param name="begun">The time at which the check began.</param>
    /// <param name="isBetweenStates">Whether the next check should come early.</param>
    public void End(TimeSpan begun, bool isBetweenStates)
    {
        schedule.PlanNext(begun, isBetweenStates);
        _isRunning = false;
    }
}
