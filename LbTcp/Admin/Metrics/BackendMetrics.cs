using System.Diagnostics.Metrics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>The metrics of the state of backends.</summary>
internal static class BackendMetrics
{
    public static IReadOnlyList<ObservedMetric> All { get; } =
    [
        Gauge(
            "lbtcp.backend.healthy", "1 if checks and traffic say that the backend works, otherwise 0.",
            backend => Flag(backend.IsHealthy)),
        Gauge(
            "lbtcp.backend.available", "1 if new connections may go to the backend, otherwise 0.",
            backend => Flag(backend.IsAvailable)),
        Gauge(
            "lbtcp.backend.effective_weight", "Weight in effect, lowered by a slow start; 0 if the backend is not available.",
            backend => backend.EffectiveWeight),
        new("lbtcp.health.checks", MetricKind.Counter, null, "Health checks by outcome.", 3, ReadChecks),
        Counter("lbtcp.health.flips", "Changes of a backend between healthy and unhealthy.", health => health.Flips),
        Counter("lbtcp.ejections", "Ejections of a backend because connections of clients failed.", health => health.Ejections),
    ];

    private static ObservedMetric Gauge(string name, string description, Func<BackendCounts, double> read) =>
        new(name, MetricKind.Gauge, null, description, 1, counts => Read(counts, read));

    private static ObservedMetric Counter(string name, string description, Func<HealthCounts, long> read) =>
        new(name, MetricKind.Counter, null, description, 1, counts => Read(counts, backend => read(backend.Health)));

    private static IEnumerable<Measurement<double>> Read(HostCounts counts, Func<BackendCounts, double> read) =>
        TrafficMetrics.MembersOf(counts).Select(member => MetricLabels.Of(read(member.Backend), member.Key));

    private static IEnumerable<Measurement<double>> ReadChecks(HostCounts counts)
    {
        foreach ((MemberKey key, BackendCounts backend) in TrafficMetrics.MembersOf(counts))
        {
            yield return MetricLabels.Of(backend.Health.ChecksSucceeded, key, "outcome", "success");
            yield return MetricLabels.Of(backend.Health.ChecksFailed, key, "outcome", "failure");
            yield return MetricLabels.Of(backend.Health.ChecksInconclusive, key, "outcome", "inconclusive");
        }
    }

    private static double Flag(bool value) => value ? 1 : 0;
}
