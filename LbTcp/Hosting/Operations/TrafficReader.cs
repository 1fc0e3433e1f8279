using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Health;

namespace LbTcp.Hosting.Operations;

/// <summary>Reads the traffic of the backends of a service.</summary>
internal static class TrafficReader
{
    /// <summary>Reads the traffic of a backend, and what its open connections have in common.</summary>
    public static BackendLoad ReadLoad(ServiceParts parts, Backend backend)
    {
        TimeSpan? oldest = null;
        TimeSpan? longestIdle = null;
        foreach (ActiveConnection connection in parts.Connections.After(0).Where(connection => connection.Dial.Backend == backend))
        {
            oldest = Longer(oldest, connection.Age);
            longestIdle = Longer(longestIdle, connection.Idle);
        }

        long completed = parts.Traffic.Find(backend)?.Read().Ended[(int)ConnectionEndReason.Completed] ?? 0;
        return new BackendLoad(parts.Sampler.Of(backend), oldest, longestIdle, completed);
    }

    /// <summary>Reads the counts of a service.</summary>
    public static ServiceCounts ReadCounts(ServiceParts parts, BackendReader reader)
    {
        _ = parts.Traffic.ReadBytes(); // those of each backend follow from it
        return new ServiceCounts(
            parts.Name,
            parts.Connections.Count,
            parts.Admission.Length,
            parts.Routes.QueueLength,
            parts.Traffic.ReadQueueWait(),
            parts.Traffic.ReadEndedWithoutBackend(),
            parts.Traffic.ReadHedges(),
            [.. reader.ReadFacts().Select(facts => ReadCounts(parts, facts))])
        {
            Tls = parts.Options.All.Value.Tls.Certificates is { } certificates
                ? new TlsCounts(parts.Handshakes.Read(), [.. certificates.All.Select(file => (file.Path, file.ExpiresAt))])
                : null,
        };
    }

    private static BackendCounts ReadCounts(ServiceParts parts, BackendFacts facts)
    {
        Backend backend = facts.Backend;
        BackendTraffic traffic = parts.Traffic.Of(backend);
        ByteCounts bytes = traffic.ReadTotals().Bytes;
        CheckHistory? checks = facts.Record.History;
        return new BackendCounts(
            backend.Name,
            backend.OpenConnections,
            facts.Health is HealthState.Healthy or HealthState.Unchecked,
            facts.IsAvailable,
            facts.Shares.WeightOf(backend),
            bytes.In,
            bytes.Out,
            traffic.Read(),
            new HealthCounts(
                checks?.Count(ProbeOutcome.Healthy) ?? 0,
                checks?.Count(ProbeOutcome.Unhealthy) ?? 0,
                checks?.Count(ProbeOutcome.Inconclusive) + checks?.Count(ProbeOutcome.Unanswered) ?? 0,
                facts.Journal.Flips,
                facts.Journal.Ejections));
    }

    private static TimeSpan Longer(TimeSpan? one, TimeSpan other) => one > other ? one.Value : other;
}
