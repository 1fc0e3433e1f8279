using System.Diagnostics.Metrics;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// The meter of a process, with an instrument for each metric. Nothing is counted here: each collection reads the counts.
/// </summary>
internal sealed class HostMeter : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "lbtcp";

    private readonly Meter _meter;
    private readonly CountsReader _counts;

    /// <summary>Creates the instruments.</summary>
    /// <param name="counts">The counts of the process.</param>
    /// <param name="feeds">What was recorded of each histogram so far.</param>
    public HostMeter(CountsReader counts, IReadOnlyDictionary<HistogramMetric, HistogramFeed> feeds)
    {
        _counts = counts;
        _meter = new Meter(Name, typeof(HostMeter).Assembly.GetName().Version?.ToString(3));
        foreach (ObservedMetric metric in Observed)
            Create(metric);
        (HistogramMetric Metric, HistogramFeed Feed, Histogram<double> Instrument)[] histograms =
        [
            .. Histograms.Select(metric => (metric, feeds[metric], _meter.CreateHistogram<double>(metric.Name, "s", metric.Description))),
        ];
        counts.Began += read =>
        {
            foreach ((HistogramMetric metric, HistogramFeed feed, Histogram<double> instrument) in histograms)
                feed.Feed([.. metric.Read(read)], instrument);
        };
    }

    /// <summary>All metrics that are read.</summary>
    public static IReadOnlyList<ObservedMetric> Observed { get; } =
        [.. TrafficMetrics.All, .. TlsMetrics.All, .. BackendMetrics.All, .. ProcessMetrics.All];

    /// <summary>All histograms.</summary>
    public static IReadOnlyList<HistogramMetric> Histograms => TrafficMetrics.Histograms;

    /// <summary>Whether an instrument belongs to this meter, and not to one of the same name.</summary>
    public bool Owns(Instrument instrument) => instrument.Meter == _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Create(ObservedMetric metric)
    {
        if (metric.Kind is MetricKind.Counter)
            _ = _meter.CreateObservableCounter(metric.Name, () => metric.Read(_counts.Read(metric)), metric.Unit, metric.Description);
        else
            _ = _meter.CreateObservableGauge(metric.Name, () => metric.Read(_counts.Read(metric)), metric.Unit, metric.Description);
    }
}
