using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
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

    /// <summary>Warns of settings that are probably wrong, before the service starts.</summary>
    public void Warnings(ConnectionLimit limit, IEnumerable<Resolution> services)
    {
        if (limit.Warning is { } warning)
            Log.StartWarning(logger, warning);
        foreach (Resolution service in services)
            Warnings(service);
    }

    private void Warnings(Resolution resolution)
    {
        ServiceOptions options = resolution.Service;
        if (options.Forwarding.IdleTimeout == TimeSpan.Zero)
            Log.StartWarning(logger, "--idle-timeout is off: a connection whose peers stay silent is never closed.");
        if (options.BackendsFile is { } file && BackendsFile.IsWritableByAnyone(file))
            Log.StartWarning(logger, $"{file} is writable by every user of this system, who can redirect clients.");
        foreach (string problem in resolution.Unresolved)
            Log.StartWarning(logger, problem);
        foreach (string problem in SharedAddresses.Describe(resolution.Pool.GetAllBackends()))
            Log.StartWarning(logger, problem);
        foreach (Backend backend in resolution.Pool.GetAllBackends())
        {
            if (backend.Options.HealthPath is not null && options.HealthCheck.KindFor(backend.Options) is not CheckKind.Http)
            {
                Log.StartWarning(
                    logger, $"The health_path of {backend.Name} is ignored: the backend is not checked by HTTP; add check=http.");
            }
        }
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
