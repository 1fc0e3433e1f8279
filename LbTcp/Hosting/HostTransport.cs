using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Sockets;

namespace LbTcp.Hosting;

/// <summary>Makes the transport of a process.</summary>
internal static class HostTransport
{
    /// <summary>
    /// Makes the transport that the options ask for; <see cref="TransportKind.Auto"/> is epoll where the system offers it.
    /// </summary>
    /// <exception cref="StartException">The system does not offer the transport.</exception>
    public static ITransport Create(HostOptions options, StartLog log)
    {
        if (options.TransportKind is TransportKind.Sockets)
            return new SocketTransport(options.Transport);
        int descriptors = (int)Math.Min(DescriptorLimit.Read() ?? int.MaxValue, int.MaxValue);
        int threads = Environment.ProcessorCount;
        if (EpollTransport.TryCreate(options.Transport, threads, descriptors, out EpollTransport? transport, out string? reason))
            return transport;
        if (options.TransportKind is TransportKind.Epoll)
            throw new StartException($"--transport epoll cannot be used: {reason}. Use --transport auto.", isConfigurationError: false);
        log.TransportFallback(reason);
        return new SocketTransport(options.Transport);
    }
}
