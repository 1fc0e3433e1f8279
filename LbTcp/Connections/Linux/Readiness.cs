namespace LbTcp.Connections.Linux;

/// <summary>Whether one direction of a connection is ready, and who waits for it. Two plain fields: everything happens on one thread.</summary>
internal struct Readiness
{
    private IReadinessWaiter? _waiter;

    /// <summary>Whether a call may find something to do.</summary>
    public bool IsSet { get; private set; }

    /// <summary>A call found nothing to do.</summary>
    public void Clear() => IsSet = false;

    /// <summary>Tells <paramref name="waiter"/> at the next <see cref="Wake"/>; one at a time.</summary>
    public void Wait(IReadinessWaiter waiter) => _waiter = waiter;

    /// <summary>Tells nobody.</summary>
    public void StopWaiting() => _waiter = null;

    /// <summary>There is something to do.</summary>
    public void Wake()
    {
        IsSet = true;
        IReadinessWaiter? waiter = _waiter;
        _waiter = null;
        waiter?.OnReady();
    }
}
