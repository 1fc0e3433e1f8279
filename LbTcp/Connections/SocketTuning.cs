using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>The socket options of relayed connections.</summary>
internal static class SocketTuning
{
    // A silent peer is given up after the keepalive time and this many unanswered questions at this distance.
    private const int KeepAliveProbes = 6;
    private const int KeepAliveIntervalSeconds = 10;

    /// <summary>
    /// Sets up a socket: no delay for small segments, keepalive. On Linux sockets accepted from a listening socket inherit its options.
    /// </summary>
    public static void Apply(Socket socket, TransportOptions options)
    {
        socket.NoDelay = true;
        if (options.KeepAlive <= TimeSpan.Zero)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(
            SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Math.Max(1, Math.Ceiling(options.KeepAlive.TotalSeconds)));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }
}
