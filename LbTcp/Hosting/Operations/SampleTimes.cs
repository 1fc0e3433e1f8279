namespace LbTcp.Hosting.Operations;

/// <summary>The moments of the latest samples, in the clock's timestamps. Not thread-safe.</summary>
/// <param name="first">The moment from which on is counted.</param>
internal sealed class SampleTimes(long first)
{
    /// <summary>The number of moments: the ends of ten intervals of a second.</summary>
    public const int Capacity = 11;

    private readonly long[] _times = [first, .. new long[Capacity - 1]];

    /// <summary>The number of samples.</summary>
    public long Count { get; private set; }

    /// <summary>The moment of the latest sample.</summary>
    public long Latest => _times[Count % Capacity];

    /// <summary>The moment of the earliest kept sample.</summary>
    public long Earliest => _times[Math.Max(0, Count - Capacity + 1) % Capacity];

    /// <summary>Adds a sample.</summary>
    public void Add(long at) => _times[++Count % Capacity] = at;
}
