namespace LbTcp.Health;

/// <summary>
/// The schedule of one backend's checks: the first one is due at once, later ones once per interval at an offset of the backend's own,
/// which spreads the checks of all backends evenly, and four times as often while the backend is between states. Two checks are never
/// nearer than a quarter of the interval, and never farther apart than the interval. All times are measured from the start of checking.
/// Not thread-safe.
/// </summary>
/// <param name="interval">The time from one check to the next.</param>
/// <param name="phase">The backend's offset as a fraction of the interval.</param>
internal sealed class CheckSchedule(TimeSpan interval, double phase)
{
    private static readonly TimeSpan _rounding = TimeSpan.FromMilliseconds(1);

    private TimeSpan _interval = interval;
    private TimeSpan _begun;
    private bool _isBetweenStates;
    private bool _isAtOnce = true;

    /// <summary>The time at which the next check is due.</summary>
    public TimeSpan Due { get; private set; } = TimeSpan.Zero;

    private TimeSpan Earliest => _begun + (_interval / 4);

    /// <summary>Schedules the check after the one that began at <paramref name="begun"/>.</summary>
    public void PlanNext(TimeSpan begun, bool isBetweenStates)
    {
        _begun = begun;
        _isBetweenStates = isBetweenStates;
        _isAtOnce = false;
        Plan();
    }

    /// <summary>Makes the next check due at the earliest permitted time: a quarter of the interval after the last one began.</summary>
    public void Hasten()
    {
        if (!_isAtOnce)
            Due = Earliest;
    }

    /// <summary>Makes the next check due at once.</summary>
    public void Restart()
    {
        _isAtOnce = true;
        Due = TimeSpan.Zero;
    }

    /// <summary>Changes the interval, including that of the check that is already scheduled.</summary>
    public void ChangeInterval(TimeSpan interval)
    {
        if (_interval == interval)
            return;
        _interval = interval;
        if (!_isAtOnce)
            Plan();
    }

    private void Plan()
    {
        TimeSpan offset = _interval * phase;
        TimeSpan next = offset + (_interval * Math.Ceiling((Earliest - offset) / _interval));
        TimeSpan pause = next - _begun;
        if (_isBetweenStates)
            Due = Earliest;
        else if (pause > _interval + _rounding)
            Due = _begun + (pause / 2);
        else
            Due = next;
    }
}
