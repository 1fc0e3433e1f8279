using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Acquires one of the <see cref="BackendSlots"/> for each client: at once when one is free, otherwise the client waits. A released slot
/// goes to the client that has waited longest among those that may use it; later clients do not overtake.
/// </summary>
internal sealed class ConnectionQueue
{
    // Without a queue, a client still gets the slot of a connection that ends at this moment: that of a client that connects, closes and
    // connects again, for example, whose FIN was not read yet. So few and for so short a time that it is no queue.
    private const int MaxInGrace = 128;

    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(20);

    private readonly BackendSlots _slots;
    private readonly CurrentOptions<ForwardingOptions> _options;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private readonly LinkedList<QueuedConnection> _waiting = [];
    private int _length;

    /// <summary>For the backends that <paramref name="balancer"/> picks.</summary>
    public ConnectionQueue(Balancer balancer, CurrentOptions<ForwardingOptions> options, TimeProvider timeProvider)
    {
        _slots = new BackendSlots(balancer, options);
        _options = options;
        _timeProvider = timeProvider;
        balancer.Changed += Serve;
    }

    /// <summary>Raised after a slot was released and the clients of this queue were served: those of others may wait for it, too.</summary>
    public event Action? SlotReleased;

    /// <summary>The number of clients that wait.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>
    /// Acquires a slot at one of the backends that <paramref name="connection"/> has not tried yet, waiting for it when all are full.
    /// Continues on the client's thread.
    /// </summary>
    /// <returns>
    /// The slot, which the connection holds until <see cref="Release"/>; null when there is none to wait for, or when the wait was given
    /// up: then it is decided how the connection ends.
    /// </returns>
    public ValueTask<BackendLease?> AcquireAsync(ActiveConnection connection)
    {
        BackendLease? lease = Length == 0 || !_slots.MayWait(connection) ? _slots.TryAcquire(connection) : null;
        return lease is not null || !_slots.MayWait(connection) ? ValueTask.FromResult(lease) : WaitAsync(connection);
    }

    /// <summary>
    /// Acquires a slot for a dial beside that of <paramref name="backend"/>, see <see cref="BackendSlots.TryAcquireBeside"/>; clients that
    /// are queued come first. May be called from any thread.
    /// </summary>
    /// <returns>The slot, which the caller has to release; null when there is none.</returns>
    public BackendLease? TryAcquireBeside(ActiveConnection connection, Backend backend) =>
        Length > 0 ? null : _slots.TryAcquireBeside(connection, backend);

    /// <summary>
    /// Releases a slot, whatever queue it was acquired from, now that nothing of the connection is left at its backend, and serves the
    /// clients that wait for it.
    /// </summary>
    /// <param name="lease">The slot; null, or one that was released before, for no effect.</param>
    public void Release(BackendLease? lease)
    {
        // The slot is released, with a full fence, before the length is read; a client that joins the queue does both in the reverse order.
        if (lease?.Release() is not true)
            return;
        if (Length > 0)
            Serve();
        SlotReleased?.Invoke();
    }

    /// <summary>Serves the clients that wait, as far as there are slots.</summary>
    public void Serve()
    {
        lock (_gate)
        {
            LinkedListNode<QueuedConnection>? next;
            for (LinkedListNode<QueuedConnection>? node = _waiting.First; node is not null; node = next)
            {
                next = node.Next;
                ActiveConnection connection = node.Value.Connection;
                if (_slots.TryAcquire(connection) is { } lease)
                {
                    _ = Remove(node.Value);
                    node.Value.Complete(lease);
                }
                else if (connection.Dial.Tried.Count == 0)
                {
                    return; // a client that may use every backend found none, so none behind it will
                }
            }
        }
    }

    /// <summary>Removes a wait from the queue.</summary>
    /// <returns>Whether it was still in it.</returns>
    public bool Remove(QueuedConnection wait)
    {
        lock (_gate)
        {
            bool wasWaiting = _waiting.Remove(wait);
            _ = Interlocked.Exchange(ref _length, _waiting.Count);
            return wasWaiting;
        }
    }

    private async ValueTask<BackendLease?> WaitAsync(ActiveConnection connection)
    {
        if (Join(connection) is not { } wait)
        {
            connection.Decide(ConnectionEndReason.QueueFull);
            return null;
        }

        if (wait.Result.IsCompletedSuccessfully)
            return wait.Result.Result; // only those in front could not use the free slot
        if (_options.Value.MaxQueue == 0)
            return await WaitInGraceAsync(connection, wait);
        connection.Dial.BeginWait(wait);
        BackendLease? lease = await wait.Result;
        connection.Dial.EndWait(_timeProvider.GetElapsedTime(wait.StartedAt));
        if (wait.TimedOut)
            connection.Decide(ConnectionEndReason.QueueTimeout);
        return lease;
    }

    // Not told in the record, as there is no queue.
    private async ValueTask<BackendLease?> WaitInGraceAsync(ActiveConnection connection, QueuedConnection wait)
    {
        using ITimer timer = _timeProvider.CreateTimer(
            static wait => ((QueuedConnection)wait!).Leave(), wait, _grace, Timeout.InfiniteTimeSpan);
        BackendLease? lease = await wait.Result;
        if (lease is null)
            connection.Decide(ConnectionEndReason.QueueFull);
        return lease;
    }

    private QueuedConnection? Join(ActiveConnection connection)
    {
        lock (_gate)
        {
            TimeSpan timeLeft = _options.Value.QueueTimeout - (connection.Dial.Queued ?? TimeSpan.Zero);
            var wait = new QueuedConnection(connection, this, _waiting.Count + 1, _timeProvider.GetTimestamp(), timeLeft);
            _ = _waiting.AddLast(wait);
            _ = Interlocked.Exchange(ref _length, _waiting.Count);
            Serve(); // a slot that was released before this wait could be seen
            return wait.Result.IsCompleted || _waiting.Count <= MaxWaiting || !Remove(wait) ? wait : null;
        }
    }

    private int MaxWaiting => _options.Value.MaxQueue is > 0 and int most ? most : MaxInGrace;
}
