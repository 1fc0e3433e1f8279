namespace LbTcp.Connections.Linux;

/// <summary>
/// The open connections of all reactors by descriptor. A descriptor's number is used again as soon as it is closed, while events of the closed
/// one may still be on their way: a token names number and generation.
/// </summary>
internal sealed class ConnectionTable
{
    private const int ChunkSize = 4096;
    private const int GenerationBits = 31; // the topmost bit of a token is the reactor's
    private const int DescriptorBits = 32;

    // Descriptors are small numbers, bounded by the process's limit; chunks are made when the first descriptor needs one.
    private EpollConnection?[]?[] _chunks = new EpollConnection?[]?[256];
    private readonly Lock _growth = new();
    private uint _lastGeneration;

    /// <summary>A token for <paramref name="descriptor"/> that none of its earlier connections had.</summary>
    public ulong NewToken(int descriptor)
    {
        ulong generation = Interlocked.Increment(ref _lastGeneration) & ((1u << GenerationBits) - 1);
        return (generation << DescriptorBits) | (uint)descriptor;
    }

    /// <summary>The open connection with <paramref name="token"/>, or null when it was closed.</summary>
    public EpollConnection? Find(ulong token)
    {
        int descriptor = (int)(uint)token;
        EpollConnection? connection = Volatile.Read(ref Volatile.Read(ref _chunks)[descriptor / ChunkSize]![descriptor % ChunkSize]);
        return connection?.Token == token ? connection : null;
    }

    /// <summary>Enters the connection that has <paramref name="descriptor"/> from now on.</summary>
    public void Set(int descriptor, EpollConnection connection) =>
        Volatile.Write(ref Chunk(descriptor / ChunkSize)[descriptor % ChunkSize], connection);

    /// <summary>Removes <paramref name="connection"/>; to be called before its descriptor is closed.</summary>
    public void Clear(int descriptor, EpollConnection connection) =>
        _ = Interlocked.CompareExchange(ref Chunk(descriptor / ChunkSize)[descriptor % ChunkSize], null, connection);

    private EpollConnection?[] Chunk(int index)
    {
        EpollConnection?[]?[] chunks = Volatile.Read(ref _chunks);
        return index < chunks.Length && Volatile.Read(ref chunks[index]) is { } chunk ? chunk : Grow(index);
    }

    private EpollConnection?[] Grow(int index)
    {
        lock (_growth)
        {
            EpollConnection?[]?[] chunks = _chunks;
            if (index >= chunks.Length)
                Array.Resize(ref chunks, Math.Max(index + 1, chunks.Length * 2));
            EpollConnection?[] chunk = chunks[index] ??= new EpollConnection?[ChunkSize];
            Volatile.Write(ref _chunks, chunks);
            return chunk;
        }
    }
}
