using LbTcp.Diagnostics;

namespace LbTcp.Hosting.Operations;

/// <summary>The counts of the process and its services, for metrics. All counts only grow, unless noted otherwise.</summary>
/// <param name="Process">The process.</param>
/// <param name="Services">The services.</param>
internal sealed record HostCounts(ProcessStatus Process, IReadOnlyList<ServiceCounts> Services);

/// <summary>The counts of a service.</summary>
/// <param name="Name">The name of the service.</param>
/// <param name="Open">The number of open connections; a level.</param>
/// <param name="AdmissionWaiting">The number of clients that wait for a limit; a level.</param>
/// <param name="QueueLength">The number of clients in the queue; a level.</param>
/// <param name="QueueWait">The times in the queue, of those that waited.</param>
/// <param name="EndedWithoutBackend">
/// Connections that ended without a backend, by reason; in the order of <see cref="ConnectionEndReason"/>.
/// </param>
/// <param name="Hedges">
/// Dials that were begun beside one without an answer and have ended, by outcome; in the order of <see cref="HedgeOutcome"/>.
/// </param>
/// <param name="Backends">The backends of the service, as they are now.</param>
internal sealed record ServiceCounts(
    string Name,
    int Open,
    int AdmissionWaiting,
    int QueueLength,
    HistogramCounts QueueWait,
    IReadOnlyList<long> EndedWithoutBackend,
    IReadOnlyList<long> Hedges,
    IReadOnlyList<BackendCounts> Backends)
{
    /// <summary>TLS with clients; null if the service does not terminate it.</summary>
    public TlsCounts? Tls { get; init; }
}

/// <summary>The counts of TLS between clients and a service.</summary>
/// <param name="Handshakes">Handshakes by outcome, in the order of <see cref="TlsOutcome"/>.</param>
/// <param name="Certificates">The files of the certificates and when these expire; levels.</param>
internal sealed record TlsCounts(IReadOnlyList<long> Handshakes, IReadOnlyList<(string File, DateTimeOffset ExpiresAt)> Certificates);

/// <summary>The counts of a backend.</summary>
/// <param name="Name">The name of the backend.</param>
/// <param name="Open">The number of open connections; a level.</param>
/// <param name="IsHealthy">Whether it is healthy; a level.</param>
/// <param name="IsAvailable">Whether a new connection may go to it; a level.</param>
/// <param name="EffectiveWeight">The weight in effect; a level.</param>
/// <param name="BytesIn">Bytes from clients, open connections included.</param>
/// <param name="BytesOut">Bytes to clients, open connections included.</param>
/// <param name="Traffic">Connections and dials.</param>
/// <param name="Health">Checks and flips.</param>
internal sealed record BackendCounts(
    string Name,
    int Open,
    bool IsHealthy,
    bool IsAvailable,
    double EffectiveWeight,
    long BytesIn,
    long BytesOut,
    TrafficCounts Traffic,
    HealthCounts Health);

/// <summary>The counts of the health of a backend.</summary>
/// <param name="ChecksSucceeded">Checks that succeeded.</param>
/// <param name="ChecksFailed">Checks that failed.</param>
/// <param name="ChecksInconclusive">Checks without a result.</param>
/// <param name="Flips">Changes between healthy and unhealthy.</param>
/// <param name="Ejections">Ejections because of failed connections.</param>
internal sealed record HealthCounts(long ChecksSucceeded, long ChecksFailed, long ChecksInconclusive, long Flips, long Ejections);
