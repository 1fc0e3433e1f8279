using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Sockets;

namespace LbTcp.Hosting;

/// <summary>Creates the transport of a process.</summary>
internal static class HostTransport
{
    /// <summary>Creates the configured transport; <see cref="TransportKind.Auto"/> is epoll where the system supports it.</summary>
    /// <exception cref="StartException">The system does not support the transport.</exception>
    public static ITransport Create(HostOptions options, StartLog log)
    {
        if (options.TransportKind is TransportKind.Sockets)
            return new SocketTransport(options.Transport);
        int threads = Environment.ProcessorCount;
        if (EpollTransport.TryCreate(options.Transport, threads, out EpollTransport? transport, out string? reason))
            return transport;
        if (options.TransportKind is TransportKind.Epoll)
            throw new StartException($"--transport epoll cannot be used: {reason}. Use --transport auto.", isConfigurationError: false);
        log.TransportFallback(reason);
        return new SocketTransport(options.Transport);
    }
}
