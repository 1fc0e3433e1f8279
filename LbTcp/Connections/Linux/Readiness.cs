namespace LbTcp.Connections.Linux;

/// <summary>
/// Whether one direction of a connection is ready, and who waits for it. One plain field, as nobody waits for what is ready, and everything
/// happens on one thread.
/// </summary>
internal struct Readiness
{
    private static readonly IReadinessWaiter _ready = new ContinuationWaiter(() => { });

    private IReadinessWaiter? _readyOrWaiter;

    /// <summary>Whether a call may find something to do.</summary>
    public readonly bool IsSet => _readyOrWaiter == _ready;

    /// <summary>A call found nothing to do.</summary>
    public void Clear()
    {
        if (IsSet)
            _readyOrWaiter = null;
    }

    /// <summary>Tells <paramref name="waiter"/> at the next <see cref="Wake"/>; one at a time, and only while nothing is ready.</summary>
    public void Wait(IReadinessWaiter waiter) => _readyOrWaiter = waiter;

    /// <summary>Tells nobody.</summary>
    public void StopWaiting() => _readyOrWaiter = null;

    /// <summary>There is something to do.</summary>
    public void Wake()
    {
        IReadinessWaiter? waiter = _readyOrWaiter;
        _readyOrWaiter = _ready;
        waiter?.OnReady(); // nothing happens when it was ready before
    }
}
