namespace LbTcp.Health;

/// <summary>
/// Detects that this process was not running for a while: it was stopped, the machine was suspended, or the processors were busy. A timeout
/// during such a pause is no evidence against a backend. Safe for use by any number of threads.
/// </summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="tolerance">The maximum time between two beats.</param>
internal sealed class Heartbeat(TimeProvider timeProvider, TimeSpan tolerance)
{
    private long _lastBeat = timeProvider.GetTimestamp();
    private long _toleranceTicks = tolerance.Ticks;
    private int _pauses;

    /// <summary>The maximum time between two beats.</summary>
    public TimeSpan Tolerance
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _toleranceTicks));
        set => Volatile.Write(ref _toleranceTicks, value.Ticks);
    }

    /// <summary>The number of pauses detected so far.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    /// <summary>Reports that the process is running; must be called at intervals much shorter than the tolerance.</summary>
    public void Beat()
    {
        if (IsOverdue)
            Interlocked.Increment(ref _pauses);
        Volatile.Write(ref _lastBeat, timeProvider.GetTimestamp());
    }

    /// <summary>Returns whether the process has run without a pause since <see cref="Pauses"/> had the given value.</summary>
    public bool HasRunSince(int pauses) => Pauses == pauses && !IsOverdue;

    private bool IsOverdue => timeProvider.GetElapsedTime(Volatile.Read(ref _lastBeat)) > Tolerance;
}
