namespace LbTcp.Diagnostics;

/// <summary>The content of a <see cref="DurationHistogram"/> at one moment.</summary>
/// <param name="Counts">
/// The number of durations in each bucket, in the order of <see cref="DurationHistogram.Bounds"/>, and a last one for longer durations.
/// </param>
/// <param name="Seconds">The sum of the durations in each bucket, in seconds.</param>
internal sealed record HistogramCounts(IReadOnlyList<long> Counts, IReadOnlyList<double> Seconds)
{
    /// <summary>The number of durations.</summary>
    public long Count => Counts.Sum();

    /// <summary>Nothing.</summary>
    public static HistogramCounts Empty { get; } =
        new(new long[DurationHistogram.Buckets], new double[DurationHistogram.Buckets]);

    /// <summary>The content of several histograms together.</summary>
    public static HistogramCounts Sum(IEnumerable<DurationHistogram> histograms)
    {
        long[] counts = new long[DurationHistogram.Buckets];
        double[] seconds = new double[DurationHistogram.Buckets];
        foreach (DurationHistogram histogram in histograms)
            histogram.AddTo(counts, seconds);
        return new HistogramCounts(counts, seconds);
    }

    /// <summary>What was recorded after <paramref name="earlier"/>, an earlier content of the same histogram.</summary>
    public HistogramCounts Since(HistogramCounts earlier) => Combine(earlier, -1);

    /// <summary>The content of both.</summary>
    public HistogramCounts And(HistogramCounts other) => Combine(other, 1);

    /// <summary>
    /// The duration that a share of the durations does not exceed, interpolated within its bucket; null if there are none.
    /// </summary>
    /// <param name="quantile">The share, 0 to 1: 0.5 for the median.</param>
    public TimeSpan? Quantile(double quantile)
    {
        long count = Count;
        if (count == 0)
            return null;
        double rank = quantile * count;
        double before = 0;
        for (int i = 0; i < Counts.Count; i++)
        {
            if (Counts[i] > 0 && before + Counts[i] >= rank)
                return TimeSpan.FromSeconds(Within(i, (rank - before) / Counts[i]));
            before += Counts[i];
        }

        return TimeSpan.FromSeconds(Within(Counts.Count - 1, 1));
    }

    private HistogramCounts Combine(HistogramCounts other, int sign)
    {
        long[] counts = new long[Counts.Count];
        double[] seconds = new double[Counts.Count];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = Counts[i] + (sign * other.Counts[i]);
            seconds[i] = Seconds[i] + (sign * other.Seconds[i]);
        }

        return new HistogramCounts(counts, seconds);
    }

    // In the open bucket there is no upper bound; there, and where all durations are equal, the mean is the best guess.
    private double Within(int bucket, double fraction)
    {
        double mean = Seconds[bucket] / Counts[bucket];
        if (bucket == DurationHistogram.Bounds.Count)
            return mean;
        double lower = bucket == 0 ? 0 : DurationHistogram.Bounds[bucket - 1];
        double upper = DurationHistogram.Bounds[bucket];
        return fraction <= 0.5
            ? lower + ((mean - lower) * fraction * 2)
            : mean + ((upper - mean) * (fraction - 0.5) * 2);
    }
}
