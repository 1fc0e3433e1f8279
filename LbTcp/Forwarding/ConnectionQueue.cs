using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Finds each client a backend with a free slot: at once where there is one, else the client waits in line. A slot that comes free goes to
/// whoever has waited longest among those that may use it; nobody who comes later is faster.
/// </summary>
internal sealed class ConnectionQueue
{
    private readonly BackendPool _pool;
    private readonly ForwardingOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private readonly LinkedList<QueuedConnection> _waiting = [];
    private int _length;

    /// <summary>For the backends of <paramref name="pool"/>, picked as it says.</summary>
    public ConnectionQueue(BackendPool pool, ForwardingOptions options, TimeProvider timeProvider)
    {
        _pool = pool;
        _options = options;
        _timeProvider = timeProvider;
        pool.Changed += Serve;
    }

    /// <summary>How many clients wait.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>
    /// Takes a slot at one of the backends that <paramref name="connection"/> has not tried yet, waiting for it when all are full. Comes back on the
    /// client's thread.
    /// </summary>
    /// <returns>
    /// The backend, until <see cref="Release"/>; null when there is none to wait for, or when waiting was in vain: then it is decided how the
    /// connection ends.
    /// </returns>
    public ValueTask<Backend?> AcquireAsync(ActiveConnection connection)
    {
        Backend? backend = Length == 0 || !MayWait(connection) ? TryAcquire(connection) : null;
        return backend is not null || !MayWait(connection) ? ValueTask.FromResult(backend) : WaitAsync(connection);
    }

    /// <summary>Gives the slot of <paramref name="connection"/> back, if it has one, and to whoever waits for it.</summary>
    public void Release(ActiveConnection connection)
    {
        // The slot is given back, with a full fence, before the length is read; whoever joins the queue does both in the reverse order.
        if (connection.ReleaseSlot() && Length > 0)
            Serve();
    }

    /// <summary>Takes a wait out of the line.</summary>
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

    // Without a limit nobody makes room: there is nothing to wait for.
    private bool MayWait(ActiveConnection connection) => Candidates(connection).Any(candidate => candidate.MaxConnections > 0);

    private async ValueTask<Backend?> WaitAsync(ActiveConnection connection)
    {
        if (Join(connection) is not { } wait)
        {
            connection.Decide(ConnectionEndReason.QueueFull);
            return null;
        }

        if (wait.Result.IsCompletedSuccessfully)
            return wait.Result.Result; // only those in front could not use what is free
        connection.BeginWait(wait);
        Backend? backend = await wait.Result;
        connection.EndWait(_timeProvider.GetElapsedTime(wait.StartedAt));
        if (wait.TimedOut)
            connection.Decide(ConnectionEndReason.QueueTimeout);
        return backend;
    }

    private QueuedConnection? Join(ActiveConnection connection)
    {
        lock (_gate)
        {
            TimeSpan timeLeft = _options.QueueTimeout - (connection.Queued ?? TimeSpan.Zero);
            var wait = new QueuedConnection(connection, this, _waiting.Count + 1, _timeProvider.GetTimestamp(), timeLeft);
            _ = _waiting.AddLast(wait);
            _ = Interlocked.Exchange(ref _length, _waiting.Count);
            Serve(); // what came free before anybody could see that somebody waits
            return wait.Result.IsCompleted || _waiting.Count <= _options.MaxQueue || !Remove(wait) ? wait : null;
        }
    }

    private void Serve()
    {
        lock (_gate)
        {
            LinkedListNode<QueuedConnection>? next;
            for (LinkedListNode<QueuedConnection>? node = _waiting.First; node is not null; node = next)
            {
                next = node.Next;
                ActiveConnection connection = node.Value.Connection;
                if (TryAcquire(connection) is { } backend)
                {
                    _ = Remove(node.Value);
                    node.Value.Complete(backend);
                }
                else if (connection.Tried.Count == 0)
                {
                    return; // who may use every backend found none, so nobody behind it will
                }
            }
        }
    }

    // A backend may fill up between the pick and the attempt to take its slot: then the next one is picked.
    private Backend? TryAcquire(ActiveConnection connection)
    {
        var request = new PickRequest(connection.Client.RemoteEndPoint.SourceAddress(), connection.Tried);
        while (Plan().Pick(in request) is { } backend)
        {
            if (connection.TryCountAgainst(backend))
                return backend;
        }

        return null;
    }

    private IBalancingPlan Plan() => _options.WhenAllDown is WhenAllDown.TryAny ? _pool.Snapshot.AnyPlan : _pool.Snapshot.Plan;

    private IEnumerable<Backend> Candidates(ActiveConnection connection)
    {
        PoolSnapshot snapshot = _pool.Snapshot;
        bool triesAny = snapshot.Candidates.Count == 0 && _options.WhenAllDown is WhenAllDown.TryAny;
        return (triesAny ? snapshot.All.Where(backend => backend.EffectiveWeight > 0) : snapshot.Candidates).Except(connection.Tried);
    }
}
