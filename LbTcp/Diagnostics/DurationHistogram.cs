namespace LbTcp.Diagnostics;

/// <summary>
/// Counts durations by size. Recording neither allocates nor locks. Written by any number of threads, though meant for few; read by any.
/// </summary>
internal sealed class DurationHistogram
{
    private readonly long[] _counts = new long[Bounds.Count + 1];
    private readonly long[] _ticks = new long[Bounds.Count + 1];

    /// <summary>The upper bounds of the buckets, in seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } =
    [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400,
        86400,
    ];

    private static readonly long[] _bounds = [.. Bounds.Select(seconds => TimeSpan.FromSeconds(seconds).Ticks)];

    /// <summary>Records a duration.</summary>
    public void Record(TimeSpan duration)
    {
        int bucket = 0;
        while (bucket < _bounds.Length && duration.Ticks > _bounds[bucket])
            bucket++;
        _ = Interlocked.Increment(ref _counts[bucket]);
        _ = Interlocked.Add(ref _ticks[bucket], duration.Ticks);
    }

    /// <summary>Adds the content of this histogram to arrays with one element per bucket.</summary>
    public void AddTo(Span<long> counts, Span<double> seconds)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            counts[i] += Volatile.Read(ref _counts[i]);
            seconds[i] += TimeSpan.FromTicks(Volatile.Read(ref _ticks[i])).TotalSeconds;
        }
    }
}
