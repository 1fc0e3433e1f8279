using LbTcp.Diagnostics;

namespace LbTcp.Tests.Diagnostics;

public sealed class HistogramCountsTests
{
    private static readonly TimeSpan _fast = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(1);

    [Fact]
    public void Since_EarlierContent_LeavesWhatCameAfterIt()
    {
        var histogram = new DurationHistogram();
        histogram.Record(_fast);
        HistogramCounts before = Read(histogram);
        histogram.Record(_slow);

        HistogramCounts recent = Read(histogram).Since(before);

        Assert.Equal((1, 1.0), (recent.Count, recent.Seconds.Sum()));
        Assert.Equal(_slow, recent.Quantile(0.5));
    }

    [Fact]
    public void And_TwoContents_HasBoth()
    {
        var histogram = new DurationHistogram();
        histogram.Record(_fast);
        HistogramCounts counts = Read(histogram);

        Assert.Equal((2, 0.002), (counts.And(counts).Count, counts.And(counts).Seconds.Sum()));
    }

    private static HistogramCounts Read(DurationHistogram histogram)
    {
        long[] counts = new long[DurationHistogram.Buckets];
        double[] seconds = new double[DurationHistogram.Buckets];
        histogram.AddTo(counts, seconds);
        return new HistogramCounts(counts, seconds);
    }
}
