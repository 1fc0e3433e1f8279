using System.Runtime.InteropServices;

namespace LbTcp.Admission;

/// <summary>
/// Counts the connections of each source, exactly. A source is known while it has connections, so the memory is bounded by the limit of
/// connections. For any number of threads: each lock guards a part of the sources, and is held for one look-up.
/// </summary>
internal sealed class SourceCounts
{
    private const int Shards = 64;
    private const int Spacious = 256; // so few places are kept, however few sources there are

    private readonly Action<SourceConnections> _end;
    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];

    /// <summary>With no connection of any source.</summary>
    public SourceCounts() => _end = End;

    /// <summary>Raised when a connection of a source has ended, on the thread where it did, without a lock.</summary>
    public event Action<SourceKey>? Ended;

    /// <summary>The number of sources that have connections.</summary>
    public int Sources
    {
        get
        {
            int sources = 0;
            foreach (Shard shard in _shards)
            {
                lock (shard.Gate)
                    sources += shard.Known.Count;
            }

            return sources;
        }
    }

    /// <summary>Counts one more connection of a source, unless it has <paramref name="most"/>.</summary>
    /// <returns>What gives the connection back; null if it is not counted.</returns>
    public SourceConnections? TryAdd(in SourceKey source, int most)
    {
        Shard shard = ShardOf(source);
        lock (shard.Gate)
        {
            ref SourceConnections? connections = ref CollectionsMarshal.GetValueRefOrAddDefault(shard.Known, source, out _);
            connections ??= new SourceConnections(source, _end);
            if (connections.Count >= most)
                return null;
            connections.Count++;
            return connections;
        }
    }

    /// <summary>Takes back that a connection was counted, which has not begun: nobody is notified.</summary>
    public void Remove(SourceConnections connections)
    {
        Shard shard = ShardOf(connections.Source);
        lock (shard.Gate)
        {
            if (--connections.Count > 0)
                return;
            Dictionary<SourceKey, SourceConnections> known = shard.Known;
            _ = known.Remove(connections.Source);
            if (known.Capacity > Spacious && known.Count < known.Capacity / 8)
                known.TrimExcess(known.Count * 2); // after a flood
        }
    }

    private void End(SourceConnections connections)
    {
        Remove(connections);
        Ended?.Invoke(connections.Source);
    }

    private Shard ShardOf(in SourceKey source) => _shards[(uint)source.GetHashCode() % Shards];

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public Dictionary<SourceKey, SourceConnections> Known { get; } = [];
    }
}
