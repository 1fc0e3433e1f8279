namespace LbTcp.Connections.Linux;

/// <summary>Waits for a socket to become readable or writable.</summary>
internal interface IReadinessWaiter
{
    /// <summary>The socket is ready, or has failed; it may also be a false alarm. Called on the reactor's thread.</summary>
    void OnReady();
}

/// <summary>
/// Whether one direction of a socket is ready, and what waits for it. One plain field, as nothing waits for what is ready, and everything
/// happens on one thread.
/// </summary>
internal struct Readiness
{
    private static readonly IReadinessWaiter _ready = new ReadyMark();

    private IReadinessWaiter? _readyOrWaiter;

    /// <summary>Whether a call may find something to do.</summary>
    public readonly bool IsSet => _readyOrWaiter == _ready;

    /// <summary>Records that a call found nothing to do.</summary>
    public void Clear()
    {
        if (IsSet)
            _readyOrWaiter = null;
    }

    /// <summary>Calls <paramref name="waiter"/> at the next <see cref="Wake"/>; one at a time, and only while nothing is ready.</summary>
    public void Wait(IReadinessWaiter waiter) => _readyOrWaiter = waiter;

    /// <summary>Forgets the waiter.</summary>
    public void StopWaiting() => _readyOrWaiter = null;

    /// <summary>Records that there is something to do.</summary>
    public void Wake()
    {
        IReadinessWaiter? waiter = _readyOrWaiter;
        _readyOrWaiter = _ready;
        waiter?.OnReady();
    }

    private sealed class ReadyMark : IReadinessWaiter
    {
        public void OnReady()
        {
            // It was ready before.
        }
    }
}
