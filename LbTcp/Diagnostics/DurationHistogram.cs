namespace LbTcp.Diagnostics;

/// <summary>
/// Counts durations by size. Recording neither allocates nor locks. Written by any number of threads, though meant for few; read by any.
/// </summary>
internal sealed class DurationHistogram
{
    private readonly CounterBlock _cells = new(2 * Buckets); // the counts, and then the sums in ticks

    /// <summary>The upper bounds of the buckets, in seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } =
    [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400,
        86400,
    ];

    /// <summary>The number of buckets: one per bound, and one for longer durations.</summary>
    public static int Buckets { get; } = Bounds.Count + 1;

    private static readonly long[] _bounds = [.. Bounds.Select(seconds => TimeSpan.FromSeconds(seconds).Ticks)];

    /// <summary>Records a duration.</summary>
    public void Record(TimeSpan duration)
    {
        int bucket = 0;
        while (bucket < _bounds.Length && duration.Ticks > _bounds[bucket])
            bucket++;
        _cells.Increment(bucket);
        _cells.Add(Buckets + bucket, duration.Ticks);
    }

    /// <summary>Adds the content of this histogram to arrays with one element per bucket.</summary>
    public void AddTo(Span<long> counts, Span<double> seconds)
    {
        for (int i = 0; i < Buckets; i++)
        {
            counts[i] += _cells.Read(i);
            seconds[i] += TimeSpan.FromTicks(_cells.Read(Buckets + i)).TotalSeconds;
        }
    }
}
