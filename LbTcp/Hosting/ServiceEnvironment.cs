using LbTcp.Connections;
using LbTcp.Forwarding;
using LbTcp.Health;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The parts that all services of a process share.</summary>
/// <param name="Transport">Accepts clients, and dials backends for them and for health checks.</param>
/// <param name="Slots">The slots for client connections.</param>
/// <param name="ProbePlaces">The places for health checks that run at the same time.</param>
/// <param name="HangUps">Closes the connections of health checks that have their result.</param>
/// <param name="Ids">Numbers the connections.</param>
/// <param name="TimeProvider">The clock.</param>
/// <param name="Loggers">Creates the loggers.</param>
internal sealed record ServiceEnvironment(
    ITransport Transport,
    ConnectionSlots Slots,
    ProbePlaces ProbePlaces,
    HangUpList HangUps,
    ConnectionIds Ids,
    TimeProvider TimeProvider,
    ILoggerFactory Loggers);
