using System.Net;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The log lines of the start and the stop of a service.</summary>
/// <param name="logger">Receives the lines.</param>
internal sealed partial class StartLog(ILogger logger)
{
    /// <summary>Warns of settings that are probably wrong, before the service starts.</summary>
    public void Warnings(ConnectionLimit limit, IEnumerable<Resolution> services)
    {
        foreach (string warning in StartWarnings.Of(limit, services))
            Log.StartWarning(logger, warning);
    }

    /// <summary>Logs that portable sockets are used because the epoll transport is not available.</summary>
    public void TransportFallback(string reason) => Log.TransportFallback(logger, reason);

    /// <summary>Logs one line per listen address.</summary>
    public void Listening(ServiceOptions options, ConnectionLimit limit, CheckBudget checks, ListenSockets sockets)
    {
        foreach (ListenSocket socket in sockets.All)
            Log.Listening(logger, socket.LocalEndPoint, options.Backends.Count, limit.Value, limit.Origin, checks.Probes);
    }

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

        [LoggerMessage(EventIds.TransportFallback, LogLevel.Information, "epoll is not available, using transport sockets reason={Reason}")]
        public static partial void TransportFallback(ILogger logger, string reason);

        [LoggerMessage(EventIds.Stopped, LogLevel.Information, "stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
