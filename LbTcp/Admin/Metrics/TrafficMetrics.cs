using System.Diagnostics.Metrics;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// The metrics of connections. What has no backend, such as a client in the queue, has no label for it, so that the sum over the backends
/// of a service is the service.
/// </summary>
internal static class TrafficMetrics
{
    private static readonly string[] _reasons = MetricLabels.Words<ConnectionEndReason>();
    private static readonly string[] _outcomes = MetricLabels.Words<AttemptOutcome>();
    private static readonly string[] _hedges = MetricLabels.Words<HedgeOutcome>();

    // The reasons that are decided before the admission and on the way to a backend. A client that leaves on this way is not refused.
    private static readonly ConnectionEndReason[] _refusals =
    [
        .. Enum.GetValues<ConnectionEndReason>().Where(reason => reason.IsRefusal()),
        ConnectionEndReason.NoBackendAvailable, ConnectionEndReason.QueueFull, ConnectionEndReason.QueueTimeout,
        ConnectionEndReason.ConnectFailed, ConnectionEndReason.ConnectTimeout, ConnectionEndReason.LocalFault,
    ];

    public static IReadOnlyList<ObservedMetric> All { get; } =
    [
        new("lbtcp.connections.open", MetricKind.Gauge, null, "Open client connections.", 1, ReadOpen),
        new("lbtcp.connections", MetricKind.Counter, null, "Ended client connections by reason.", _reasons.Length, ReadEnded),
        new("lbtcp.refused", MetricKind.Counter, null, "Clients that got no backend by cause.", _refusals.Length, ReadRefused),
        new("lbtcp.bytes", MetricKind.Counter, "By", "Relayed bytes: in from clients, out to clients.", 2, ReadBytes),
        new(
            "lbtcp.connect.attempts", MetricKind.Counter, null, "Attempts to connect to a backend by outcome.", _outcomes.Length,
            counts => MembersOf(counts).SelectMany(
                member => Words(member.Key, member.Backend.Traffic.Attempts, "outcome", _outcomes))),
        new(
            "lbtcp.hedges", MetricKind.Counter, null, "Dials that were begun beside one without an answer, by outcome.", _hedges.Length,
            counts => counts.Services.SelectMany(service => _hedges.Select(
                (word, outcome) => MetricLabels.Of(service.Hedges[outcome], new MemberKey(service.Name, null), "outcome", word)))),
        new(
            "lbtcp.admission.waiting", MetricKind.Gauge, null, "Clients that wait for a limit per source or a rate.", 1,
            counts => counts.Services.Select(service => MetricLabels.Of(service.AdmissionWaiting, new MemberKey(service.Name, null)))),
        new(
            "lbtcp.queue.length", MetricKind.Gauge, null, "Clients that wait for a slot at a backend.", 1,
            counts => counts.Services.Select(service => MetricLabels.Of(service.QueueLength, new MemberKey(service.Name, null)))),
    ];

    public static IReadOnlyList<HistogramMetric> Histograms { get; } =
    [
        new(
            "lbtcp.connect.duration", "Time from the accept of a client to the established backend connection.",
            counts => MembersOf(counts).Select(member => new HistogramSeries(member.Key, member.Backend.Traffic.Connect))),
        new(
            "lbtcp.connection.duration", "Time from the accept of a client to the end of the connection.",
            counts => MembersOf(counts).Select(member => new HistogramSeries(member.Key, member.Backend.Traffic.Duration))),
        new(
            "lbtcp.queue.wait", "Time that clients waited for a slot at a backend.",
            counts => counts.Services.Select(service => new HistogramSeries(new MemberKey(service.Name, null), service.QueueWait))),
    ];

    /// <summary>The backends of all services.</summary>
    public static IEnumerable<(MemberKey Key, BackendCounts Backend)> MembersOf(HostCounts counts) => counts.Services.SelectMany(
        service => service.Backends, (service, backend) => (new MemberKey(service.Name, backend.Name), backend));

    private static IEnumerable<Measurement<double>> ReadOpen(HostCounts counts)
    {
        foreach (ServiceCounts service in counts.Services)
        {
            int rest = service.Open;
            foreach (BackendCounts backend in service.Backends)
            {
                rest -= backend.Open;
                yield return MetricLabels.Of(backend.Open, new MemberKey(service.Name, backend.Name));
            }

            yield return MetricLabels.Of(Math.Max(0, rest), new MemberKey(service.Name, null)); // the counts are not read at once
        }
    }

    private static IEnumerable<Measurement<double>> ReadEnded(HostCounts counts) => counts.Services.SelectMany(
        service => Words(new MemberKey(service.Name, null), service.EndedWithoutBackend, "reason", _reasons)
            .Concat(service.Backends.SelectMany(
                backend => Words(new MemberKey(service.Name, backend.Name), backend.Traffic.Ended, "reason", _reasons))));

    // These are always there: the first refusal of a service is then an increase, which an alert can see.
    private static IEnumerable<Measurement<double>> ReadRefused(HostCounts counts) => counts.Services.SelectMany(
        service => _refusals.Select(reason => MetricLabels.Of(
            service.EndedWithoutBackend[(int)reason], new MemberKey(service.Name, null), "why", _reasons[(int)reason])));

    private static IEnumerable<Measurement<double>> ReadBytes(HostCounts counts) => MembersOf(counts).SelectMany(
        member => new[]
        {
            MetricLabels.Of(member.Backend.BytesIn, member.Key, "direction", "in"),
            MetricLabels.Of(member.Backend.BytesOut, member.Key, "direction", "out"),
        });

    // Most of the words never occur: a series begins with the first one. The first of each list, which is a success, is always there.
    private static IEnumerable<Measurement<double>> Words(MemberKey key, IReadOnlyList<long> values, string label, string[] words)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] > 0 || (i == 0 && key.Backend is not null))
                yield return MetricLabels.Of(values[i], key, label, words[i]);
        }
    }
}
