namespace LbTcp.Health;

/// <summary>
/// When the checks of one backend are due: at once, then once every interval at a moment of its own, so that the checks of all backends are
/// spread evenly; four times as often while the backend is between states. All times count from the start of checking. Not thread-safe.
/// </summary>
/// <param name="interval">The time from one check to the next.</param>
/// <param name="phase">The backend's own moment as a fraction of the interval.</param>
internal sealed class CheckSchedule(TimeSpan interval, double phase)
{
    private TimeSpan _interval = interval;
    private TimeSpan _begun;
    private bool _isBetweenStates;
    private bool _isAtOnce = true;

    /// <summary>When the next check is due.</summary>
    public TimeSpan Due { get; private set; } = TimeSpan.Zero;

    private TimeSpan Earliest => _begun + (_interval / 4);

    /// <summary>Plans the check that follows one which began at <paramref name="begun"/>.</summary>
    public void PlanNext(TimeSpan begun, bool isBetweenStates)
    {
        _begun = begun;
        _isBetweenStates = isBetweenStates;
        _isAtOnce = false;
        Plan();
    }

    /// <summary>
    /// Makes the next check due as soon as checks may follow each other: a quarter of the interval after the last one began.
    /// </summary>
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

    /// <summary>Changes the interval, also for the check that is planned now.</summary>
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
        TimeSpan moment = _interval * phase;
        Due = _isBetweenStates ? Earliest : moment + (_interval * Math.Ceiling((Earliest - moment) / _interval));
    }
}
