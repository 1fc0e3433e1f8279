namespace LbTcp.Diagnostics;

/// <summary>
/// A few counters that are written together. They share no cache line with those of another block, so that a thread that has a block of its
/// own never waits for another one. Adding neither allocates nor locks; any thread may read.
/// </summary>
/// <param name="count">The number of counters.</param>
internal sealed class CounterBlock(int count)
{
    // In front of each block: those of two blocks are at least one cache line apart, wherever the blocks lie.
    private const int Padding = 64 / sizeof(long);

    private readonly long[] _cells = new long[Padding + count];

    /// <summary>Adds to a counter.</summary>
    public void Add(int index, long value) => _ = Interlocked.Add(ref _cells[Padding + index], value);

    /// <summary>Adds one to a counter.</summary>
    public void Increment(int index) => _ = Interlocked.Increment(ref _cells[Padding + index]);

    /// <summary>The value of a counter.</summary>
    public long Read(int index) => Volatile.Read(ref _cells[Padding + index]);

    /// <summary>Adds the counters from <paramref name="first"/> on to as many sums.</summary>
    public void AddTo(Span<long> sums, int first = 0)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += Read(first + i);
    }
}
