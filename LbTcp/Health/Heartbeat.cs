namespace LbTcp.Health;

/// <summary>
/// Notices that this process did not run for a while: it was stopped, its machine slept, or others took its processors. What timed out
/// meanwhile says nothing about anybody else. May be used from any thread.
/// </summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="tolerance">How far apart two beats may be.</param>
internal sealed class Heartbeat(TimeProvider timeProvider, TimeSpan tolerance)
{
    private long _lastBeat = timeProvider.GetTimestamp();
    private int _pauses;

    /// <summary>How often the process was found not to have run.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    /// <summary>Says that the process runs now; to be called far more often than the tolerance.</summary>
    public void Beat()
    {
        if (IsOverdue)
            Interlocked.Increment(ref _pauses);
        Volatile.Write(ref _lastBeat, timeProvider.GetTimestamp());
    }

    /// <summary>Whether the process has run all the time since <see cref="Pauses"/> had the given value.</summary>
    public bool HasRunSince(int pauses) => Pauses == pauses && !IsOverdue;

    private bool IsOverdue => timeProvider.GetElapsedTime(Volatile.Read(ref _lastBeat)) > tolerance;
}
