namespace LbTcp.Health;

/// <summary>
/// The places for probes that run at the same time; each takes a descriptor. A probe without an answer holds its place until its timeout,
/// so suspected backends may take only seven eighths of the places: the rest is always free for backends that answer. Late probes, which
/// outlast their check, have places of their own. Shared by all services of the process; safe for use by any number of threads.
/// </summary>
/// <param name="limit">The number of places; at least 1.</param>
/// <param name="lateLimit">The number of places for late probes.</param>
internal sealed class ProbePlaces(int limit, int lateLimit)
{
    private volatile int _limit = limit;
    private volatile int _lateLimit = lateLimit;
    private int _late;
    private int _taken;
    private int _takenBySuspected;

    /// <summary>The number of places; at least 1. A lower one takes no place from a probe that is running.</summary>
    public int Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>The number of places for late probes. A lower one takes no place from a probe that is running.</summary>
    public int LateLimit
    {
        get => _lateLimit;
        set => _lateLimit = value;
    }

    private int SuspectedLimit => Math.Max(1, _limit - Math.Max(_limit / 8, 1));

    /// <summary>Returns whether a place is free for now.</summary>
    /// <param name="isSuspected">Whether it is for the probe of a suspected backend.</param>
    public bool IsFree(bool isSuspected) =>
        Volatile.Read(ref _taken) < _limit && (!isSuspected || Volatile.Read(ref _takenBySuspected) < SuspectedLimit);

    /// <summary>Takes a place.</summary>
    /// <param name="isSuspected">Whether it is for the probe of a suspected backend.</param>
    /// <returns>False if no place is free.</returns>
    public bool TryTake(bool isSuspected)
    {
        if (isSuspected && !TryTake(ref _takenBySuspected, SuspectedLimit))
            return false;
        if (TryTake(ref _taken, _limit))
            return true;
        if (isSuspected)
            Interlocked.Decrement(ref _takenBySuspected);
        return false;
    }

    /// <summary>Gives a place back that was taken with the same argument.</summary>
    public void Return(bool isSuspected)
    {
        if (isSuspected)
            Interlocked.Decrement(ref _takenBySuspected);
        Interlocked.Decrement(ref _taken);
    }

    /// <summary>Takes a place for a late probe.</summary>
    /// <returns>False if none is free.</returns>
    public bool TryTakeLate() => TryTake(ref _late, _lateLimit);

    /// <summary>Gives the place of a late probe back.</summary>
    public void ReturnLate() => Interlocked.Decrement(ref _late);

    private static bool TryTake(ref int taken, int limit)
    {
        if (Interlocked.Increment(ref taken) <= limit)
            return true;
        Interlocked.Decrement(ref taken);
        return false;
    }
}
