namespace LbTcp.Health;

/// <summary>
/// When the checks of one backend are due: at the start, then once every interval at a moment of its own, so that the checks of all
/// backends are spread evenly; four times as often while the backend is between states. All times count from the start of checking.
/// </summary>
/// <param name="interval">From one check to the next.</param>
/// <param name="phase">The backend's own moment within the interval.</param>
internal sealed class CheckSchedule(TimeSpan interval, TimeSpan phase)
{
    private readonly TimeSpan _fastInterval = interval / 4;
    private TimeSpan _earliest = TimeSpan.Zero;

    /// <summary>When the next check is due.</summary>
    public TimeSpan Due { get; private set; } = TimeSpan.Zero;

    /// <summary>Plans the check that follows one which began at <paramref name="begun"/>.</summary>
    public void PlanNext(TimeSpan begun, bool isBetweenStates)
    {
        _earliest = begun + _fastInterval;
        Due = isBetweenStates ? _earliest : phase + (interval * Math.Ceiling((_earliest - phase) / interval));
    }

    /// <summary>Makes the next check due as soon as checks may follow each other: a quarter of the interval after the last one began.</summary>
    public void Hasten() => Due = _earliest;
}
