using LbTcp.Connections;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The parts that all services of a process share.</summary>
/// <param name="Transport">Accepts clients and dials backends for them.</param>
/// <param name="ProbeConnector">Dials backends for health checks.</param>
/// <param name="Resolver">Resolves host names.</param>
/// <param name="Slots">The slots for client connections.</param>
/// <param name="Ids">Numbers the connections.</param>
/// <param name="TimeProvider">The clock.</param>
/// <param name="Loggers">Creates the loggers.</param>
internal sealed record ServiceEnvironment(
    ITransport Transport,
    IBackendConnector ProbeConnector,
    HostResolver Resolver,
    ConnectionSlots Slots,
    ConnectionIds Ids,
    TimeProvider TimeProvider,
    ILoggerFactory Loggers);
