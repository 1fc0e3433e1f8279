using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting.Operations;

namespace LbTcp.Hosting;

/// <summary>The parts that all services of a process share.</summary>
/// <param name="Transport">Accepts clients, and dials backends for them and for health checks.</param>
/// <param name="Discovery">Resolves the names of backends.</param>
/// <param name="Limits">The slots for client connections and the places for health checks.</param>
/// <param name="Ids">Numbers the connections.</param>
/// <param name="TimeProvider">The clock.</param>
/// <param name="Loggers">Creates the loggers.</param>
/// <param name="IsOperated">Whether an operator may ask what happens: only then the services keep records of it.</param>
internal sealed record ServiceEnvironment(
    ITransport Transport,
    DiscoveryEnvironment Discovery,
    ProcessLimits Limits,
    ConnectionIds Ids,
    TimeProvider TimeProvider,
    ServiceLoggers Loggers,
    bool IsOperated = false)
{
    /// <summary>The traffic of all services in the last 15 minutes; null unless there is an operator.</summary>
    public TrafficHistory? History { get; } = IsOperated ? new TrafficHistory(TimeProvider) : null;
}
