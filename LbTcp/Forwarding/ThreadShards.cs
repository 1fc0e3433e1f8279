using System.Numerics;

namespace LbTcp.Forwarding;

/// <summary>
/// Counters in shards, which are created on first use: threads that follow each other in the order of their creation, as those of event
/// loops do, write to shards of their own. Other threads may share one, which costs time and no count.
/// </summary>
/// <typeparam name="T">A shard; safe for use by any number of threads.</typeparam>
internal sealed class ThreadShards<T>
    where T : class, new()
{
    private readonly T?[] _shards = new T?[BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    /// <summary>The shard to write to on this thread.</summary>
    public T Current
    {
        get
        {
            ref T? shard = ref _shards[Environment.CurrentManagedThreadId & (_shards.Length - 1)];
            return Volatile.Read(ref shard) ?? Create(ref shard);
        }
    }

    /// <summary>The shards that were needed so far, to sum their counters.</summary>
    public IEnumerable<T> All => _shards.OfType<T>();

    /// <summary>The same without allocating; null for shards that were not needed yet.</summary>
    public ReadOnlySpan<T?> Slots => _shards;

    private static T Create(ref T? shard)
    {
        var created = new T();
        return Interlocked.CompareExchange(ref shard, created, null) ?? created;
    }
}
