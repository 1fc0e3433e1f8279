using System.Net;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The log lines of the start and the stop of a service.</summary>
/// <param name="logger">Receives the lines.</param>
internal sealed partial class StartLog(ILogger logger)
{
    /// <summary>Logs the warnings of the configuration.</summary>
    public void Warnings(IEnumerable<string> ofConfiguration)
    {
        foreach (string problem in ofConfiguration)
            Log.StartWarning(logger, problem);
    }

    /// <summary>Warns of settings of the process and its services that are probably wrong, before the services start.</summary>
    public void Warnings(ConnectionLimit limit, IEnumerable<Resolution> services)
    {
        foreach (string warning in StartWarnings.Of(limit, services))
            Log.StartWarning(logger, warning);
    }

    /// <summary>Warns of settings of a service that are probably wrong, before it starts.</summary>
    public void Warnings(Resolution service)
    {
        foreach (string warning in StartWarnings.Of(service))
            Log.StartWarning(logger, warning);
    }

    /// <summary>Logs that portable sockets are used because the epoll transport is not available.</summary>
    public void TransportFallback(string reason) => Log.TransportFallback(logger, reason);

    /// <summary>Logs one line per address, with what is in force now.</summary>
    public void Listening(int backendCount, ConnectionLimit limit, CheckBudget checks, IEnumerable<EndPoint> addresses)
    {
        foreach (EndPoint address in addresses)
            Log.Listening(logger, address, backendCount, limit.Value, limit.Origin, checks.Probes);
    }

    /// <summary>Logs that clients can no longer connect to an address.</summary>
    public void ListeningEnded(EndPoint address) => Log.ListeningEnded(logger, address);

    /// <summary>Logs the last line.</summary>
    public void Stopped() => Log.Stopped(logger);

    private static partial class Log
    {
        [LoggerMessage(EventIds.StartWarning, LogLevel.Warning, "{Warning}")]
        public static partial void StartWarning(ILogger logger, string warning);

        [LoggerMessage(EventIds.Listening, LogLevel.Information,
            "listening on {Address} backends={Backends} max_connections={MaxConnections} max_connections_from={MaxConnectionsFrom} "
            + "max_checks={MaxChecks}")]
        public static partial void Listening(
            ILogger logger, EndPoint address, int backends, int maxConnections, string maxConnectionsFrom, int maxChecks);

        [LoggerMessage(EventIds.ListeningEnded, LogLevel.Information, "no longer listening on {Address}")]
        public static partial void ListeningEnded(ILogger logger, EndPoint address);

        [LoggerMessage(EventIds.TransportFallback, LogLevel.Information, "epoll is not available, using transport sockets reason={Reason}")]
        public static partial void TransportFallback(ILogger logger, string reason);

        [LoggerMessage(EventIds.Stopped, LogLevel.Information, "stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
