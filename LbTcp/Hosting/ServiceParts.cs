using LbTcp.Admission;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Forwarding;
using LbTcp.Health;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The parts of a service that an operator sees and changes.</summary>
/// <param name="Pool">Its backends.</param>
/// <param name="Options">Its options.</param>
/// <param name="Access">Decides which clients are admitted.</param>
/// <param name="Admission">Has the clients that wait for a limit.</param>
/// <param name="Routes">Share new connections among the backends, and have the clients that wait for one.</param>
/// <param name="Health">The health of the backends.</param>
/// <param name="Checker">Checks the backends.</param>
/// <param name="Connections">Its connections.</param>
/// <param name="Traffic">Counts its connections.</param>
/// <param name="Handshakes">Counts its TLS handshakes.</param>
/// <param name="Sampler">Its rates and its history.</param>
/// <param name="Rebalancer">Moves its connections.</param>
/// <param name="Journals">The latest changes of the state of each backend.</param>
/// <param name="Loggers">Creates its loggers.</param>
internal sealed record ServiceParts(
    BackendPool Pool,
    CurrentServiceOptions Options,
    AccessControl Access,
    AdmissionQueue Admission,
    BackendRoutes Routes,
    PoolHealth Health,
    HealthChecker Checker,
    ActiveConnections Connections,
    ServiceTraffic Traffic,
    TlsHandshakes Handshakes,
    TrafficSampler Sampler,
    Rebalancer Rebalancer,
    BackendJournals Journals,
    ILoggerFactory Loggers)
{
    /// <summary>The name of the service.</summary>
    public string Name => Options.All.Value.Name;
}
