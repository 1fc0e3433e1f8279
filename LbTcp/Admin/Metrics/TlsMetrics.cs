using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>The metrics of TLS between clients and services that terminate it.</summary>
internal static class TlsMetrics
{
    private static readonly string[] _outcomes = MetricLabels.Words<TlsOutcome>();

    public static IReadOnlyList<ObservedMetric> All { get; } =
    [
        new(
            "lbtcp.tls.handshakes", MetricKind.Counter, null, "TLS handshakes with clients by outcome.", _outcomes.Length,
            counts => TerminatorsOf(counts).SelectMany(service => _outcomes.Select((word, outcome) => MetricLabels.Of(
                service.Tls.Handshakes[outcome], new MemberKey(service.Name, null), "outcome", word)))),
        new(
            "lbtcp.tls.certificate.expiry.timestamp", MetricKind.Gauge, "s", "Time when a certificate expires.", 1,
            counts => TerminatorsOf(counts).SelectMany(service => service.Tls.Certificates.Select(certificate => MetricLabels.Of(
                certificate.ExpiresAt.ToUnixTimeSeconds(), new MemberKey(service.Name, null), "file", certificate.File)))),
    ];

    /// <summary>The services that terminate TLS.</summary>
    public static IEnumerable<(string Name, TlsCounts Tls)> TerminatorsOf(HostCounts counts) =>
        counts.Services.Where(service => service.Tls is not null).Select(service => (service.Name, service.Tls!));
}
