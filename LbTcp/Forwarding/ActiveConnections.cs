using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>The connections that are being served, their limit, and the sweep that checks their timers.</summary>
internal sealed class ActiveConnections(int limit, ForwardingOptions options, TimeProvider timeProvider)
{
    // So many that the threads that accept and the sweep hardly ever meet.
    private const int Shards = 16;

    private static readonly TimeSpan _longestSweepPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _shortestSweepPause = TimeSpan.FromMilliseconds(10);

    private readonly ConnectionShard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new ConnectionShard())];
    private readonly ConnectionSlots _slots = new(limit);
    private readonly List<ActiveConnection> _swept = [];
    private long _lastId;
    private int _count;
    private volatile TaskCompletionSource? _empty;

    /// <summary>The most connections at a time.</summary>
    public int Limit { get; } = limit;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether there is no place for one more connection.</summary>
    public bool IsFull => _slots.IsFull;

    /// <inheritdoc cref="ConnectionSlots.WhenNotFullAsync"/>
    public Task WhenNotFullAsync(CancellationToken cancellationToken) => _slots.WhenNotFullAsync(cancellationToken);

    /// <summary>Takes a place for <paramref name="client"/>, which has to wait for it when others were faster, and tracks it from then on.</summary>
    public async ValueTask<ActiveConnection> TrackAsync(IConnection client, CancellationToken cancellationToken)
    {
        while (!_slots.TryAcquire())
            await _slots.WhenNotFullAsync(cancellationToken);
        _ = Interlocked.Increment(ref _count);
        var connection = new ActiveConnection(Interlocked.Increment(ref _lastId), client, timeProvider);
        ShardOf(connection).Add(connection);
        return connection;
    }

    /// <summary>Stops tracking a connection and gives its place back; to be called once for each.</summary>
    public void Untrack(ActiveConnection connection)
    {
        ShardOf(connection).Remove(connection);
        _slots.Release();
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
        List<ActiveConnection> connections = Snapshot();
        connections.ForEach(connection => connection.End(reason));
        return connections.Count;
    }

    /// <summary>Sweeps again and again until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunSweepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SweepPause(), timeProvider);
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

    /// <summary>Ends what has exceeded a time limit. One at a time.</summary>
    public void Sweep()
    {
        foreach (ConnectionShard shard in _shards)
        {
            shard.CopyTo(_swept);
            foreach (ActiveConnection connection in _swept)
                connection.CheckTimers(options);
            _swept.Clear();
        }
    }

    private ConnectionShard ShardOf(ActiveConnection connection) => _shards[connection.Id % Shards];

    private List<ActiveConnection> Snapshot()
    {
        List<ActiveConnection> connections = [];
        foreach (ConnectionShard shard in _shards)
            shard.CopyTo(connections);
        return connections;
    }

    // Fine enough for the shortest limit to be kept within a quarter of itself.
    private TimeSpan SweepPause()
    {
        TimeSpan shortest = TimeSpan.FromTicks(Math.Min(Math.Min(options.ConnectTimeout.Ticks, options.HalfCloseTimeout.Ticks), options.QueueTimeout.Ticks));
        if (options.IdleTimeout > TimeSpan.Zero && options.IdleTimeout < shortest)
            shortest = options.IdleTimeout;
        TimeSpan pause = shortest / 4;
        return pause < _shortestSweepPause ? _shortestSweepPause : pause > _longestSweepPause ? _longestSweepPause : pause;
    }
}
