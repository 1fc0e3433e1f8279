using System.Diagnostics.Metrics;
using System.Globalization;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>The metrics of the process as a whole.</summary>
internal static class ProcessMetrics
{
    public static IReadOnlyList<ObservedMetric> All { get; } =
    [
        new(
            "lbtcp.build.info", MetricKind.Gauge, null, "Version and transport of the process; always 1.", 1,
            counts => [new(1, new("version", counts.Process.Version), new("transport", counts.Process.Transport))]),
        Gauge("lbtcp.connections.limit", null, "Maximum number of open client connections.", process => process.MaxConnections),
        Gauge("lbtcp.descriptors.used", null, "Open descriptors of the process.", process => process.DescriptorsUsed),
        Gauge(
            "lbtcp.descriptors.limit", null, "Maximum number of open descriptors; absent without a limit.",
            process => process.DescriptorsLimit),
        Gauge("lbtcp.splice.pipes.used", null, "Pipes that move bulk data.", process => process.SplicePipesUsed),
        Gauge("lbtcp.splice.pipes.limit", null, "Maximum number of those pipes.", process => process.SplicePipesLimit),
        new(
            "lbtcp.reactor.busy_ratio", MetricKind.Gauge, "1",
            "Share of time that an event-loop thread used a processor for, since the last sample.", 1, ReadReactors),
        new(
            "lbtcp.reloads", MetricKind.Counter, null, "Reloads of the configuration by outcome.", 2,
            counts =>
            [
                MetricLabels.Of(counts.Process.ReloadsDone, "outcome", "applied"),
                MetricLabels.Of(counts.Process.ReloadsRefused, "outcome", "refused"),
            ]),
        Gauge(
            "lbtcp.reload.last_success.timestamp", "s", "Time when a configuration was last applied, the start included.",
            process => SecondsOf(process.ConfiguredAt)),
        new(
            "lbtcp.log.lines.dropped", MetricKind.Counter, null,
            "Log lines that were dropped because the output was slow, full or closed.", 1,
            counts => [MetricLabels.Of(counts.Process.LogLinesDropped)]),
        Gauge("process.start_time", "s", "Time when the process started.", process => SecondsOf(process.StartedAt)),
        Gauge("process.resident_memory", "By", "Resident memory of the process.", process => process.MemoryBytes),
    ];

    private static ObservedMetric Gauge(string name, string? unit, string description, Func<ProcessStatus, double?> read) => new(
        name, MetricKind.Gauge, unit, description, 1,
        counts => read(counts.Process) is { } value ? [MetricLabels.Of(value)] : []);

    private static IEnumerable<Measurement<double>> ReadReactors(HostCounts counts) => counts.Process.Reactors.Select(
        reactor => MetricLabels.Of(reactor.BusyRatio, "reactor", reactor.Number.ToString(CultureInfo.InvariantCulture)));

    private static double SecondsOf(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
