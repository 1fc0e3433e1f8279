namespace LbTcp.Balancing;

/// <summary>Numbers the picks of a policy; one plan goes on where the one before it ended. Thread-safe.</summary>
internal sealed class TurnCounter
{
    private long _last = -1;

    /// <summary>The next number, from 0 on.</summary>
    public ulong Next() => (ulong)Interlocked.Increment(ref _last);
}
