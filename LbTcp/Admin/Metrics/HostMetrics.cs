using System.Diagnostics.Metrics;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// The metrics of a process for one exporter. When a backend has gone, the provider is replaced as a whole: the SDK would export the last
/// values of its histograms for ever. To replace the meter alone is not enough: it would be exported once more beside its successor, and
/// its metrics would keep their places among the 1,000 of the provider. Not safe for use by several threads, apart from the collections
/// of the exporter.
/// </summary>
/// <param name="view">The process.</param>
/// <param name="addExporter">Adds the exporter to a provider.</param>
internal sealed class HostMetrics(IHostView view, Func<MeterProviderBuilder, MeterProviderBuilder> addExporter) : IDisposable
{
    private readonly Dictionary<HistogramMetric, HistogramFeed> _feeds = HostMeter.Histograms.ToDictionary(
        metric => metric, _ => new HistogramFeed());

    private HostMeter? _meter;
    private MetricMembers? _members;
    private CountsReader? _counts;

    /// <summary>The provider; null before the first call of <see cref="Prepare"/>.</summary>
    public MeterProvider? Provider { get; private set; }

    /// <summary>Is called at the begin of a collection whose counts the provider does not fit, on the thread that collects.</summary>
    public event Action? Outgrown;

    /// <summary>Creates or replaces the provider if it does not fit the services and backends that there are now.</summary>
    /// <returns>Whether it is another provider.</returns>
    public bool Prepare()
    {
        HostCounts counts = view.ReadCounts();
        bool isReplaced = _members?.Follow(counts) != true;
        if (isReplaced)
            Replace(counts);
        _counts!.Offer(counts);
        return isReplaced;
    }

    /// <summary>Exports what was counted, where the exporter does so by itself, and ends.</summary>
    public void Dispose()
    {
        Provider?.Dispose();
        _meter?.Dispose();
    }

    private void Replace(HostCounts counts)
    {
        Dispose();
        _members = new MetricMembers(counts);
        _counts = new CountsReader(view);
        _counts.Began += read =>
        {
            if (!_members.Follow(read))
                Outgrown?.Invoke();
        };
        _meter = new HostMeter(_counts, _feeds);
        Provider = addExporter(Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => resource.AddService(HostMeter.Name, serviceVersion: counts.Process.Version))
                .AddMeter(HostMeter.Name)
                .AddView(StreamOf)
                .AddRuntimeInstrumentation())
            .Build();
    }

    // A provider hears of all meters with a name, so also of those of another provider in this process.
    private MetricStreamConfiguration StreamOf(Instrument instrument)
    {
        if (instrument.Meter.Name == RuntimeMetrics.MeterName)
            return RuntimeMetrics.StreamOf(instrument.Name);
        if (!_meter!.Owns(instrument))
            return MetricStreamConfiguration.Drop;
        return HostMeter.Observed.FirstOrDefault(metric => metric.Name == instrument.Name) is { } observed
            ? new MetricStreamConfiguration { CardinalityLimit = observed.SeriesPerMember * _members!.Capacity }
            : new ExplicitBucketHistogramConfiguration
            {
                Boundaries = [.. DurationHistogram.Bounds],
                RecordMinMax = false,
                CardinalityLimit = _members!.Capacity,
            };
    }
}
