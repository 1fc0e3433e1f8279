using System.Collections.Concurrent;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>The connections that are being served, their limit, and the sweep that checks their timers.</summary>
internal sealed class ActiveConnections(int limit, ForwardingOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan _longestSweepPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _shortestSweepPause = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<long, ActiveConnection> _connections = new();
    private readonly SemaphoreSlim _slots = new(limit, limit);
    private long _lastId;
    private int _count;
    private volatile TaskCompletionSource? _empty;

    /// <summary>The most connections at a time.</summary>
    public int Limit { get; } = limit;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Reserves the place of one more connection if there is one.</summary>
    public bool TryReserve() => _slots.Wait(0, CancellationToken.None);

    /// <summary>Waits for the place of one more connection and reserves it.</summary>
    public Task ReserveAsync(CancellationToken cancellationToken) => _slots.WaitAsync(cancellationToken);

    /// <summary>Gives back a reserved place that no connection took.</summary>
    public void CancelReservation() => _slots.Release();

    /// <summary>Starts tracking <paramref name="client"/> in a place that was reserved for it.</summary>
    public ActiveConnection Track(IConnection client)
    {
        var connection = new ActiveConnection(Interlocked.Increment(ref _lastId), client, clock);
        _connections[connection.Id] = connection;
        _ = Interlocked.Increment(ref _count);
        return connection;
    }

    /// <summary>Stops tracking a connection and gives its place back.</summary>
    public void Untrack(ActiveConnection connection)
    {
        if (!_connections.TryRemove(connection.Id, out _))
            return;
        _ = _slots.Release();
        if (Interlocked.Decrement(ref _count) == 0)
            _ = _empty?.TrySetResult();
    }

    /// <summary>Completes when no connection is left. Nothing may be tracked any more.</summary>
    public Task WhenEmptyAsync()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Published with a full fence before the count is read; Untrack does both in the reverse order, so one of the two sees the other.
        TaskCompletionSource empty = Interlocked.CompareExchange(ref _empty, first, null) ?? first;
        if (Count == 0)
            _ = empty.TrySetResult();
        return empty.Task;
    }

    /// <summary>Ends every connection at once, with a reset on both sides.</summary>
    /// <returns>How many there were.</returns>
    public int EndAll(ConnectionEndReason reason)
    {
        int ended = 0;
        foreach (ActiveConnection connection in _connections.Values)
        {
            connection.End(reason);
            ended++;
        }

        return ended;
    }

    /// <summary>Sweeps again and again until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunSweepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SweepPause(), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Sweep();
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    /// <summary>Ends what has exceeded a time limit.</summary>
    public void Sweep()
    {
        foreach ((_, ActiveConnection connection) in _connections)
            connection.CheckTimers(options);
    }

    public void Dispose() => _slots.Dispose();

    // Fine enough for the shortest limit to be kept within a quarter of itself.
    private TimeSpan SweepPause()
    {
        TimeSpan shortest = TimeSpan.FromTicks(Math.Min(options.ConnectTimeout.Ticks, options.HalfCloseTimeout.Ticks));
        if (options.IdleTimeout > TimeSpan.Zero && options.IdleTimeout < shortest)
            shortest = options.IdleTimeout;
        TimeSpan pause = shortest / 4;
        return pause < _shortestSweepPause ? _shortestSweepPause : pause > _longestSweepPause ? _longestSweepPause : pause;
    }
}
