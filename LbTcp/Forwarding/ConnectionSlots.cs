namespace LbTcp.Forwarding;

/// <summary>
/// The slots for client connections of a process or of a service: acquired and released without a lock, waited for only when none is free.
/// A slot of a service is a slot of the process, too. For any number of threads.
/// </summary>
/// <param name="limit">The number of slots; at least 1.</param>
/// <param name="process">The slots of the process, for those of a service; null for those of the process.</param>
internal sealed class ConnectionSlots(int limit, ConnectionSlots? process = null)
{
    private volatile int _limit = limit;
    private int _used;
    private TaskCompletionSource? _released;

    /// <summary>
    /// The number of slots. A lower one takes nothing from those that have a slot: none is acquired until enough of them are released.
    /// </summary>
    public int Limit
    {
        get => _limit;
        set
        {
            _limit = value;
            Interlocked.MemoryBarrier(); // as in Release
            Announce();
        }
    }

    /// <summary>The number of slots that are acquired now.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>Whether none is free, of the service or of the process.</summary>
    public bool IsFull => Exhausted is not null;

    /// <summary>These slots or those of the process, whichever are all acquired; null if one is free.</summary>
    public ConnectionSlots? Exhausted => Used >= _limit ? this : process?.Exhausted;

    /// <summary>Acquires a slot if one is free.</summary>
    public bool TryAcquire()
    {
        for (int used = Used; used < _limit;)
        {
            int seen = Interlocked.CompareExchange(ref _used, used + 1, used);
            if (seen == used)
            {
                if (process?.TryAcquire() is not false)
                    return true;
                ReleaseOwn();
                return false;
            }

            used = seen;
        }

        return false;
    }

    /// <summary>Releases a slot.</summary>
    public void Release()
    {
        ReleaseOwn();
        process?.Release();
    }

    /// <summary>Returns whether at least the given share of the slots is free, of the service and of the process.</summary>
    public bool HasFree(double share) => Used < _limit * (1 - share) && process?.HasFree(share) is not false;

    /// <summary>Completes when a slot is free. The slot is not reserved for the caller: another one may acquire it first.</summary>
    public async Task WhenNotFullAsync(CancellationToken cancellationToken)
    {
        while (Exhausted is { } exhausted)
            await exhausted.WhenReleasedAsync(cancellationToken);
    }

    private async Task WhenReleasedAsync(CancellationToken cancellationToken)
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource released = Interlocked.CompareExchange(ref _released, first, null) ?? first;
        if (Used >= _limit)
            await released.Task.WaitAsync(cancellationToken);
    }

    private void ReleaseOwn()
    {
        // A full fence between the two, as in the wait: one of both sees the other.
        _ = Interlocked.Decrement(ref _used);
        Announce();
    }

    private void Announce()
    {
        if (_released is not null)
            _ = Interlocked.Exchange(ref _released, null)?.TrySetResult();
    }
}
