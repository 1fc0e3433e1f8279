using System.Net;
using LbTcp.Backends;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>What is said when the service starts and stops.</summary>
/// <param name="logger">Takes the lines.</param>
internal sealed partial class StartLog(ILogger logger)
{
    /// <summary>What the operator should know before it serves.</summary>
    public void Warnings(CommandOptions options, Resolution resolution)
    {
        if (options.ConnectionLimit.Warning is { } warning)
            Log.StartWarning(logger, warning);
        if (options.Forwarding.IdleTimeout == TimeSpan.Zero)
            Log.StartWarning(logger, "--idle-timeout is off: a connection whose peers stay silent stays open for ever.");
        if (options.BackendsFile is { } file && BackendsFile.IsWritableByAnyone(file))
            Log.StartWarning(logger, $"Every user of this system can change {file}, and with it where clients end up.");
        foreach (string problem in resolution.Unresolved)
            Log.StartWarning(logger, problem);
        foreach (Backend backend in resolution.Pool.GetAllBackends())
        {
            if (backend.Options.HealthPath is not null && options.HealthCheck.KindFor(backend) is not CheckKind.Http)
                Log.StartWarning(logger, $"The health_path of {backend.Name} is not asked for: the backend is not checked by HTTP; write check=http.");
        }
    }

    /// <summary>The fast transport was not asked for by name, and is not to be had.</summary>
    public void TransportFallback(string reason) => Log.TransportFallback(logger, reason);

    /// <summary>One line for each address where clients are accepted.</summary>
    public void Listening(CommandOptions options, ListenSockets sockets)
    {
        foreach (ListenSocket socket in sockets.All)
            Log.Listening(logger, socket.LocalEndPoint, options.Backends.Count, options.ConnectionLimit.Value, options.ConnectionLimit.Origin);
    }

    /// <summary>The last line.</summary>
    public void Stopped() => Log.Stopped(logger);

    private static partial class Log
    {
        [LoggerMessage(EventIds.StartWarning, LogLevel.Warning, "{Warning}")]
        public static partial void StartWarning(ILogger logger, string warning);

        [LoggerMessage(EventIds.Listening, LogLevel.Information,
            "listening on {Address} backends={Backends} max_connections={MaxConnections} max_connections_from={MaxConnectionsFrom}")]
        public static partial void Listening(ILogger logger, EndPoint address, int backends, int maxConnections, string maxConnectionsFrom);

        [LoggerMessage(EventIds.TransportFallback, LogLevel.Information, "using transport sockets, epoll is not to be had reason={Reason}")]
        public static partial void TransportFallback(ILogger logger, string reason);

        [LoggerMessage(EventIds.Stopped, LogLevel.Information, "stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
