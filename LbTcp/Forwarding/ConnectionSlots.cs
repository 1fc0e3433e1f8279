namespace LbTcp.Forwarding;

/// <summary>The places for connections: taken and given back without a lock, waited for only when none is left. For any number of threads.</summary>
/// <param name="count">How many there are.</param>
internal sealed class ConnectionSlots(int count)
{
    private int _free = count;
    private TaskCompletionSource? _given;

    /// <summary>Whether none is free.</summary>
    public bool IsFull => Volatile.Read(ref _free) <= 0;

    /// <summary>Takes a place if one is free.</summary>
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

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        // A full fence between the two, as in the wait: one of both sees the other.
        _ = Interlocked.Increment(ref _free);
        if (_given is not null)
            _ = Interlocked.Exchange(ref _given, null)?.TrySetResult();
    }

    /// <summary>Completes when a place is free. It is not kept: whoever comes first takes it.</summary>
    public async Task WhenNotFullAsync(CancellationToken cancellationToken)
    {
        while (IsFull)
        {
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource given = Interlocked.CompareExchange(ref _given, first, null) ?? first;
            if (IsFull)
                await given.Task.WaitAsync(cancellationToken);
        }
    }
}
