namespace LbTcp.Connections.Linux;

/// <summary>
/// The event handlers of all reactors by descriptor. A descriptor's number is reused as soon as it is closed, while events of the closed
/// one may still be queued: a token names number and generation.
/// </summary>
internal sealed class HandlerTable
{
    private const int ChunkSize = 2048;
    private const int DescriptorBits = 32;

    // Descriptors are small numbers, bounded by the process's limit; a chunk is allocated when the first descriptor needs it.
    private Slot[]?[] _chunks = new Slot[]?[256];
    private readonly Lock _growth = new();
    private uint _lastGeneration;

    /// <summary>Enters the handler that <paramref name="descriptor"/> has from now on. From any thread.</summary>
    /// <returns>A token that no earlier handler of the descriptor had.</returns>
    public ulong Add(int descriptor, IEventHandler handler)
    {
        ref Slot slot = ref Chunk(descriptor / ChunkSize)[descriptor % ChunkSize];
        slot.Generation = Interlocked.Increment(ref _lastGeneration);
        Volatile.Write(ref slot.Handler, handler); // after the generation, so that an old token never finds the new handler
        return Token(descriptor, slot.Generation);
    }

    /// <summary>
    /// Removes <paramref name="handler"/>, unless another one has the descriptor by now. Must be called before the descriptor is closed.
    /// </summary>
    public void Remove(int descriptor, IEventHandler handler) =>
        _ = Interlocked.CompareExchange(ref Chunk(descriptor / ChunkSize)[descriptor % ChunkSize].Handler, null, handler);

    /// <summary>Returns the token of the handler that <paramref name="descriptor"/> has now.</summary>
    public ulong TokenOf(int descriptor) => Token(descriptor, Chunk(descriptor / ChunkSize)[descriptor % ChunkSize].Generation);

    /// <summary>Returns the descriptor that <paramref name="token"/> is for.</summary>
    public static int DescriptorOf(ulong token) => (int)(uint)token;

    /// <summary>Returns the handler with <paramref name="token"/>, or null when it was removed.</summary>
    public IEventHandler? Find(ulong token)
    {
        int descriptor = DescriptorOf(token);
        ref Slot slot = ref Volatile.Read(ref _chunks)[descriptor / ChunkSize]![descriptor % ChunkSize];
        IEventHandler? handler = Volatile.Read(ref slot.Handler);
        return slot.Generation == (uint)(token >> DescriptorBits) ? handler : null;
    }

    private static ulong Token(int descriptor, uint generation) => ((ulong)generation << DescriptorBits) | (uint)descriptor;

    private Slot[] Chunk(int index)
    {
        Slot[]?[] chunks = Volatile.Read(ref _chunks);
        return index < chunks.Length && Volatile.Read(ref chunks[index]) is { } chunk ? chunk : Grow(index);
    }

    private Slot[] Grow(int index)
    {
        lock (_growth)
        {
            Slot[]?[] chunks = _chunks;
            if (index >= chunks.Length)
                Array.Resize(ref chunks, Math.Max(index + 1, chunks.Length * 2));
            Slot[] chunk = chunks[index] ??= new Slot[ChunkSize];
            Volatile.Write(ref _chunks, chunks);
            return chunk;
        }
    }

    private struct Slot
    {
        public IEventHandler? Handler;
        public uint Generation;
    }
}
