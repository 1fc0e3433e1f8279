namespace LbTcp.Health;

/// <summary>
/// Detects that this process was not run for a while: it was stopped, its machine slept, or its processors were busy. A timeout of such a
/// time is no evidence against a backend. May be used from any thread.
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

    /// <summary>How often the process was found not to have run.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    /// <summary>Reports that the process runs now; to be called far more often than the tolerance.</summary>
    public void Beat()
    {
        if (IsOverdue)
            Interlocked.Increment(ref _pauses);
        Volatile.Write(ref _lastBeat, timeProvider.GetTimestamp());
    }

    /// <summary>Whether the process has run all the time since <see cref="Pauses"/> had the given value.</summary>
    public bool HasRunSince(int pauses) => Pauses == pauses && !IsOverdue;

    private bool IsOverdue => timeProvider.GetElapsedTime(Volatile.Read(ref _lastBeat)) > Tolerance;
}
