using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections;

/// <summary>The socket options of connections.</summary>
internal static class SocketTuning
{
    /// <summary>The number of unanswered probes after the keepalive time that ends a connection.</summary>
    public const int KeepAliveProbes = 6;

    /// <summary>The time between them.</summary>
    public const int KeepAliveIntervalSeconds = 10;

    /// <summary>TCP_QUICKACK, an option of Linux (tcp(7)).</summary>
    public const int QuickAck = 12;

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

    /// <summary>
    /// Sets up the socket of a health check before it is connected. Linux then delays the acknowledgement that completes the handshake, by
    /// 200 ms at most: it is sent with the request, or not at all if the connection is reset before, and the backend's program never gets a
    /// connection that was dialled only to see whether that works (net/ipv4/tcp_input.c, tcp_rcv_synsent_state_process).
    /// </summary>
    public static void ApplyToCheck(Socket socket)
    {
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, QuickAck, BitConverter.GetBytes(0));
    }
}
