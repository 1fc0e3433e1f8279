using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections;

/// <summary>The socket options of relayed connections.</summary>
internal static class SocketTuning
{
    /// <summary>The number of unanswered probes after the keepalive time that ends a connection.</summary>
    public const int KeepAliveProbes = 6;

    /// <summary>The time between them.</summary>
    public const int KeepAliveIntervalSeconds = 10;

    /// <summary>The keepalive time as the system takes it.</summary>
    public static int KeepAliveSeconds(TransportOptions options) => (int)Math.Max(1, Math.Ceiling(options.KeepAlive.TotalSeconds));

    /// <summary>
    /// Sets up a socket: no delay for small segments, keepalive. On Linux sockets accepted from a listening socket inherit its options.
    /// </summary>
    public static void Apply(Socket socket, TransportOptions options)
    {
        socket.NoDelay = true;
        if (options.KeepAlive <= TimeSpan.Zero)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds(options));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }
}
