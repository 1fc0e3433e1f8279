using System.Diagnostics.Metrics;
using LbTcp.Diagnostics;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// Passes what histograms have counted to an instrument. There is no observable histogram, so at each collection the difference since the
/// last one is recorded: for each bucket its mean, which lies in the bucket, as often as durations were counted. Count, sum and buckets of
/// the instrument are then those of the source. Not safe for use by several threads.
/// </summary>
/// <param name="maxRecords">The maximum number of records of one collection; the rest is recorded by the next ones.</param>
internal sealed class HistogramFeed(long maxRecords = HistogramFeed.DefaultMaxRecords)
{
    // A record takes about 100 ns: a collection stays below a tenth of a second for the three histograms together.
    private const long DefaultMaxRecords = 300_000;

    private readonly Dictionary<MemberKey, Passed> _passed = [];
    private int _first; // the series that comes first: with it ended the records of the last collection

    /// <summary>Records what was counted since the last call.</summary>
    /// <param name="series">All series. What is known of others is forgotten.</param>
    /// <param name="instrument">Receives the durations in seconds.</param>
    public void Feed(IReadOnlyList<HistogramSeries> series, Histogram<double> instrument)
    {
        Forget(series);
        long budget = maxRecords;
        for (int i = 0; i < series.Count; i++)
        {
            int index = (_first + i) % series.Count;
            if (budget == 0)
            {
                _first = index;
                return;
            }

            Feed(series[index], instrument, ref budget);
        }
    }

    private void Feed(HistogramSeries series, Histogram<double> instrument, ref long budget)
    {
        // Lower counts are those of another service or backend that has taken the name: they are counted from their beginning.
        if (!_passed.TryGetValue(series.Key, out Passed? passed) || passed.Counts.Sum() > series.Counts.Count)
            _passed[series.Key] = passed = new Passed(series.Counts.Counts.Count);
        KeyValuePair<string, object?>[]? labels = null;
        for (int bucket = 0; bucket < series.Counts.Counts.Count; bucket++)
        {
            long count = Math.Min(series.Counts.Counts[bucket] - passed.Counts[bucket], budget);
            if (count <= 0)
                continue;
            labels ??= MetricLabels.Of(series.Key);
            double mean = MeanOf(series.Counts, passed, bucket);
            for (long i = 0; i < count; i++)
                instrument.Record(mean, labels);
            passed.Counts[bucket] += count;
            passed.Seconds[bucket] += mean * count;
            budget -= count;
        }
    }

    // Count and sum are not read at once, and sums are rounded: what a mean within the bucket leaves of the sum goes to the next one.
    private static double MeanOf(HistogramCounts counts, Passed passed, int bucket)
    {
        double mean = (counts.Seconds[bucket] - passed.Seconds[bucket]) / (counts.Counts[bucket] - passed.Counts[bucket]);
        double least = bucket == 0 ? 0 : Math.BitIncrement(DurationHistogram.Bounds[bucket - 1]);
        double most = bucket < DurationHistogram.Bounds.Count ? DurationHistogram.Bounds[bucket] : double.MaxValue;
        return Math.Clamp(mean, least, most);
    }

    private void Forget(IReadOnlyList<HistogramSeries> series)
    {
        HashSet<MemberKey> present = [.. series.Select(one => one.Key)];
        foreach (MemberKey key in _passed.Keys)
        {
            if (!present.Contains(key))
                _passed.Remove(key);
        }
    }

    private sealed class Passed(int buckets)
    {
        public long[] Counts { get; } = new long[buckets];

        public double[] Seconds { get; } = new double[buckets];
    }
}
