using System.Net;
using LbTcp.Diagnostics;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// Shows a running process to an operator. All members may be called from any number of threads, and none waits for a client, a backend
/// or an event loop.
/// </summary>
internal interface IHostView
{
    /// <summary>The events of the log.</summary>
    EventLog Events { get; }

    /// <summary>The state of the process.</summary>
    ProcessStatus ReadProcess();

    /// <summary>The services in the order of the configuration.</summary>
    IReadOnlyList<ServiceStatus> ReadServices();

    /// <summary>The backends of a service, or of all of them for null, in the order of the configuration.</summary>
    IReadOnlyList<BackendStatus> ReadBackends(string? service);

    /// <summary>One backend; null if there is none with that name or address.</summary>
    BackendDetail? ReadBackend(string service, string backend);

    /// <summary>The connections that match, by ascending id. They are read while the result is enumerated.</summary>
    IEnumerable<ConnectionStatus> ReadConnections(ConnectionFilter filter);

    /// <summary>One connection; null if it has ended.</summary>
    ConnectionDetail? ReadConnection(long id);

    /// <summary>Where a new connection of <paramref name="client"/> would go: one forecast per service.</summary>
    IReadOnlyList<PickForecast> ForecastPick(IPAddress client);

    /// <summary>Whether a service admits a client; null for an unknown service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="client">The address of the client; null for the client of a unix socket.</param>
    AccessStatus? ReadAccess(string service, IPAddress? client);

    /// <summary>The last 15 minutes of a service, or of the process for null, the oldest first; null for an unknown service.</summary>
    IReadOnlyList<HistoryPoint>? ReadHistory(string? service);

    /// <summary>All counts, for metrics.</summary>
    HostCounts ReadCounts();

    /// <summary>Verifies that event loops and periodic work still turn; takes up to a second if they do not.</summary>
    Task<LivenessReport> VerifyAliveAsync(CancellationToken cancellationToken);
}
