using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>The connections that a service serves now, and the sweep that checks their time limits.</summary>
/// <param name="slots">The slots of the service; each connection holds one.</param>
/// <param name="ids">Numbers the connections.</param>
/// <param name="options">The time limits.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="stageTimeout">The shortest time limit of a stage that is not among the options; null for none.</param>
internal sealed class ActiveConnections(
    ConnectionSlots slots,
    ConnectionIds ids,
    CurrentOptions<ForwardingOptions> options,
    TimeProvider timeProvider,
    Func<TimeSpan>? stageTimeout = null)
{
    // So many that the threads that accept and the sweep hardly ever meet.
    private const int Shards = 16;

    // Of the connections that are listed, so many per shard are held at a time, however slowly the list is read.
    private const int PageOfShard = 64;

    private static readonly TimeSpan _longestInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _shortestInterval = TimeSpan.FromMilliseconds(10);

    private readonly ConnectionShard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new ConnectionShard())];
    private readonly List<ActiveConnection> _swept = [];
    private int _count;
    private volatile TaskCompletionSource? _empty;

    /// <summary>The slots of the service; acquiring one takes one of the process, which other services use, too.</summary>
    public ConnectionSlots Slots => slots;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Acquires a slot for <paramref name="client"/>, waiting for it when other clients were faster, and tracks the connection from then
    /// on.
    /// </summary>
    public async ValueTask<ActiveConnection> TrackAsync(IConnection client, CancellationToken cancellationToken)
    {
        while (!slots.TryAcquire())
            await slots.WhenNotFullAsync(cancellationToken);
        _ = Interlocked.Increment(ref _count);
        var connection = new ActiveConnection(ids.Next(), client, timeProvider);
        ShardOf(connection).Add(connection);
        return connection;
    }

    /// <summary>Stops tracking a connection and releases its slot; to be called once for each.</summary>
    public void Untrack(ActiveConnection connection)
    {
        ShardOf(connection).Remove(connection);
        slots.Release();
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

    /// <summary>How often to call <see cref="Sweep"/>: fine enough for the shortest limit to be kept within a quarter of itself.</summary>
    public TimeSpan SweepInterval => IntervalFor(options.Value, stageTimeout?.Invoke() ?? TimeSpan.MaxValue);

    /// <summary>Ends what has exceeded a time limit, as the limits are now. One at a time.</summary>
    public void Sweep()
    {
        ForwardingOptions current = options.Value;
        Visit(_swept, connection => connection.CheckTimers(current));
    }

    /// <summary>Calls <paramref name="visit"/> for all connections, in no order, and holds no lock meanwhile.</summary>
    /// <param name="buffer">Takes a part of them at a time; empty before and afterwards.</param>
    /// <param name="visit">Receives each of them; it may have ended in the meantime.</param>
    public void Visit(List<ActiveConnection> buffer, Action<ActiveConnection> visit)
    {
        foreach (ConnectionShard shard in _shards)
        {
            shard.CopyTo(buffer);
            buffer.ForEach(visit);
            buffer.Clear();
        }
    }

    /// <summary>The connection with that id; null if there is none, or none any more.</summary>
    public ActiveConnection? Find(long id) => id < 0 ? null : _shards[id % Shards].Find(id);

    /// <summary>
    /// The connections by ascending id. They are read while the result is enumerated, about a thousand at a time: one that ends before its
    /// turn may be missing, and one that has ended may be among them.
    /// </summary>
    /// <param name="id">Only those with a larger id.</param>
    public IEnumerable<ActiveConnection> After(long id)
    {
        List<ActiveConnection> page = [];
        for (bool hasMore = true; hasMore;)
        {
            // What a shard has left is above the last one that it gave: up to there the page is complete.
            long end = long.MaxValue;
            foreach (ConnectionShard shard in _shards)
            {
                if (shard.CopyAfter(id, PageOfShard, page))
                    end = Math.Min(end, page[^1].Id);
            }

            hasMore = end < long.MaxValue;
            page.Sort(static (one, other) => one.Id.CompareTo(other.Id));
            foreach (ActiveConnection connection in page)
            {
                if (connection.Id > end)
                    break;
                yield return connection;
            }

            id = end;
            page.Clear();
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

    private static TimeSpan IntervalFor(ForwardingOptions options, TimeSpan stageTimeout)
    {
        TimeSpan shortest = TimeSpan.FromTicks(
            Math.Min(Math.Min(options.ConnectTimeout.Ticks, options.HalfCloseTimeout.Ticks), options.QueueTimeout.Ticks));
        if (options.IdleTimeout > TimeSpan.Zero && options.IdleTimeout < shortest)
            shortest = options.IdleTimeout;
        if (stageTimeout < shortest)
            shortest = stageTimeout;
        TimeSpan interval = shortest / 4;
        return interval < _shortestInterval ? _shortestInterval : interval > _longestInterval ? _longestInterval : interval;
    }
}
