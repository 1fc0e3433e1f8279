namespace LbTcp.Forwarding;

/// <summary>
/// The slots for client connections, which all services of a process share: acquired and released without a lock, waited for only when none
/// is free. For any number of threads.
/// </summary>
/// <param name="limit">The number of slots; at least 1.</param>
internal sealed class ConnectionSlots(int limit)
{
    private int _free = limit;
    private TaskCompletionSource? _released;

    /// <summary>The number of slots.</summary>
    public int Limit { get; } = limit;

    /// <summary>The number of slots that are acquired now.</summary>
    public int Used => Limit - Volatile.Read(ref _free);

    /// <summary>Whether none is free.</summary>
    public bool IsFull => Volatile.Read(ref _free) <= 0;

    /// <summary>Acquires a slot if one is free.</summary>
    public bool TryAcquire()
    {
        for (int free = Volatile.Read(ref _free); free > 0;)
        {
            int seen = Interlocked.CompareExchange(ref _free, free - 1, free);
            if (seen == free)
                return true;
            free = seen;
        }

        return false;
    }

    /// <summary>Releases a slot.</summary>
    public void Release()
    {
        // A full fence between the two, as in the wait: one of both sees the other.
        _ = Interlocked.Increment(ref _free);
        if (_released is not null)
            _ = Interlocked.Exchange(ref _released, null)?.TrySetResult();
    }

    /// <summary>Completes when a slot is free. The slot is not reserved for the caller: another one may acquire it first.</summary>
    public async Task WhenNotFullAsync(CancellationToken cancellationToken)
    {
        while (IsFull)
        {
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource released = Interlocked.CompareExchange(ref _released, first, null) ?? first;
            if (IsFull)
                await released.Task.WaitAsync(cancellationToken);
        }
    }
}
