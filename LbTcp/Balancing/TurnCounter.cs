namespace LbTcp.Balancing;

/// <summary>Numbers the picks of a policy; each plan continues where the previous one ended. Thread-safe.</summary>
internal sealed class TurnCounter
{
    private long _last = -1;

    /// <summary>Returns the next number, beginning with 0.</summary>
    public ulong Next() => (ulong)Interlocked.Increment(ref _last);

    /// <summary>Returns the number that <see cref="Next"/> would return.</summary>
    public ulong Peek() => (ulong)(Volatile.Read(ref _last) + 1);
}
