namespace LbTcp.Admission;

/// <summary>The rate of all arrivals together. For any number of threads, without a lock.</summary>
internal sealed class SharedRate
{
    private long _expected;

    /// <inheritdoc cref="ArrivalLimit.TryTake"/>
    public bool TryTake(ArrivalLimit limit, long now, out long dueAt)
    {
        long before = Volatile.Read(ref _expected);
        while (true)
        {
            long expected = before;
            if (!limit.TryTake(ref expected, now, out dueAt))
                return false;
            long seen = Interlocked.CompareExchange(ref _expected, expected, before);
            if (seen == before)
                return true;
            before = seen;
        }
    }
}
