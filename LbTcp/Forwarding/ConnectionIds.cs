namespace LbTcp.Forwarding;

/// <summary>Numbers the connections of a process, whichever service they belong to. For any number of threads.</summary>
internal sealed class ConnectionIds
{
    private long _last;

    /// <summary>The next number, from 1 on; unique while the process lives.</summary>
    public long Next() => Interlocked.Increment(ref _last);
}
