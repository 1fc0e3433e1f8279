namespace LbTcp.Health;

/// <summary>
/// One probe that was started, and the place that it holds. It ends later than its check if the answer has not come in time; then it is
/// late, and holds a place for late probes if one is free. Safe for use by any number of threads unless noted otherwise.
/// </summary>
/// <param name="places">The places; one was taken for this probe.</param>
/// <param name="isSuspected">Whether it was taken for a suspected backend.</param>
/// <param name="heartbeat">Detects pauses of this process.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ProbeRun(ProbePlaces places, bool isSuspected, Heartbeat heartbeat, TimeProvider timeProvider)
{
    private readonly int _pauses = heartbeat.Pauses;
    private int _place = (int)Place.Regular;

    private enum Place
    {
        Regular,
        Late,
        Returned,
    }

    /// <summary>When the probe began, as a timestamp of the clock.</summary>
    public long Begun { get; } = timeProvider.GetTimestamp();

    /// <summary>The time from the start to the result; zero before.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Whether this process was not running for a while since the probe began.</summary>
    public bool WasPaused => !heartbeat.HasRunSince(_pauses);

    /// <summary>Gives the place back to checks that are due, if there is another one for the probe.</summary>
    public void BecomeLate()
    {
        if (!places.TryTakeLate())
            return;
        if (Interlocked.CompareExchange(ref _place, (int)Place.Late, (int)Place.Regular) == (int)Place.Regular)
            places.Return(isSuspected);
        else
            places.ReturnLate(); // it has just ended
    }

    /// <summary>Records that the probe has ended, and gives its place back.</summary>
    public void End()
    {
        Duration = timeProvider.GetElapsedTime(Begun);
        if (Interlocked.Exchange(ref _place, (int)Place.Returned) == (int)Place.Late)
            places.ReturnLate();
        else
            places.Return(isSuspected);
    }
}
