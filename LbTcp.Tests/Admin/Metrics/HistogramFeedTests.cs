using System.Diagnostics.Metrics;
using LbTcp.Admin.Metrics;
using LbTcp.Diagnostics;
using static LbTcp.Tests.Admin.Metrics.CountsScript;

namespace LbTcp.Tests.Admin.Metrics;

public sealed class HistogramFeedTests : IDisposable
{
    private static readonly MemberKey _web1 = new("web", "web1");
    private static readonly MemberKey _web2 = new("web", "web2");

    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();
    private readonly Histogram<double> _instrument;
    private readonly List<(string? Backend, double Seconds)> _records = [];

    public HistogramFeedTests()
    {
        _instrument = _meter.CreateHistogram<double>("test");
        _listener.SetMeasurementEventCallback<double>(
            (_, value, tags, _) => _records.Add(((string?)tags[1].Value, value)));
        _listener.EnableMeasurementEvents(_instrument);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Feed_Durations_AreRecordedWithTheirCountSumAndBuckets()
    {
        double[] durations = [0.0001, 0.00011, 0.0002, 0.3, 0.4, 0.5, 86400, 100_000, 200_000];

        new HistogramFeed().Feed([new(_web1, Durations(durations))], _instrument);

        HistogramCounts recorded = Durations(_records.Select(record => record.Seconds));
        Assert.Equal(Durations(durations).Counts, recorded.Counts);
        Assert.Equal(durations.Sum(), _records.Sum(record => record.Seconds), 6);
        Assert.All(_records, record => Assert.Equal("web1", record.Backend));
    }

    [Fact]
    public void Feed_Again_RecordsTheDifference()
    {
        var feed = new HistogramFeed();
        feed.Feed([new(_web1, Durations(0.2, 3))], _instrument);
        _records.Clear();

        feed.Feed([new(_web1, Durations(0.2, 3, 0.2, 7))], _instrument);
        feed.Feed([new(_web1, Durations(0.2, 3, 0.2, 7))], _instrument);

        Assert.Equal([0.2, 7.0], _records.Select(record => Math.Round(record.Seconds, 9)));
    }

    // A service was removed and another one added with its name, between two collections.
    [Fact]
    public void Feed_CountsBeginAnew_RecordsThemFromTheirBeginning()
    {
        var feed = new HistogramFeed();
        feed.Feed([new(_web1, Durations(0.2, 0.2, 0.2))], _instrument);
        _records.Clear();

        feed.Feed([new(_web1, Durations(0.2, 3))], _instrument);

        Assert.Equal([0.2, 3.0], _records.Select(record => Math.Round(record.Seconds, 9)));
    }

    // A bucket is counted before its sum: the sum that is missing is added to the next record.
    [Fact]
    public void Feed_CountWithoutItsSum_IsRecordedInItsBucketAndTheSumFollows()
    {
        var feed = new HistogramFeed();
        HistogramCounts one = Durations(0.2);
        feed.Feed([new(_web1, one with { Seconds = new double[one.Seconds.Count] })], _instrument);
        feed.Feed([new(_web1, Durations(0.2, 0.15))], _instrument);

        Assert.Equal(2, _records.Count(record => record.Seconds is > 0.1 and <= 0.25));
        Assert.Equal(0.35, _records.Sum(record => record.Seconds), 9);
    }

    [Fact]
    public void Feed_MoreThanTheMaximum_CarriesTheRestAndStartsWithTheNextSeries()
    {
        var feed = new HistogramFeed(maxRecords: 3);
        HistogramSeries[] series = [new(_web1, Durations(1, 1, 1, 1)), new(_web2, Durations(2, 2))];

        feed.Feed(series, _instrument);
        Assert.Equal(["web1", "web1", "web1"], _records.Select(record => record.Backend));
        feed.Feed(series, _instrument);
        Assert.Equal(["web2", "web2", "web1"], _records.Skip(3).Select(record => record.Backend));
        feed.Feed(series, _instrument);

        Assert.Equal((6, 8.0), (_records.Count, _records.Sum(record => record.Seconds)));
    }

    [Fact]
    public void Feed_SeriesThatWasGone_IsRecordedFromTheBegin()
    {
        var feed = new HistogramFeed();
        feed.Feed([new(_web1, Durations(1))], _instrument);
        feed.Feed([], _instrument);

        feed.Feed([new(_web1, Durations(1, 1))], _instrument);

        Assert.Equal(3, _records.Count);
    }
}
