using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Connections;

/// <summary>The socket options of relayed connections.</summary>
internal static class SocketTuning
{
    private const int MaxKeepAliveProbes = 6;

    /// <summary>The keepalive time as the system takes it.</summary>
    public static int KeepAliveSeconds(TransportOptions options) => WholeSeconds(options.KeepAlive);

    /// <summary>
    /// The keepalive probes after which an idle connection has failed: their number and interval, which together take the dead peer
    /// timeout, rounded up to whole intervals. If that is off, they take its default.
    /// </summary>
    public static (int Count, int IntervalSeconds) KeepAliveProbes(TransportOptions options)
    {
        TimeSpan timeout = options.DeadPeerTimeout;
        int seconds = WholeSeconds(timeout > TimeSpan.Zero ? timeout : HostSettings.DeadPeerTimeout.Default);
        int interval = DividedUp(seconds, MaxKeepAliveProbes);
        return (DividedUp(seconds, interval), interval);
    }

    /// <summary>
    /// Sets up a socket: no delay for small segments, keepalive. On Linux sockets accepted from a listening socket inherit its options.
    /// </summary>
    public static void Apply(Socket socket, TransportOptions options)
    {
        socket.NoDelay = true;
        if (options.KeepAlive <= TimeSpan.Zero)
            return;
        (int count, int interval) = KeepAliveProbes(options);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds(options));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, interval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, count);
    }

    private static int WholeSeconds(TimeSpan time) => (int)Math.Max(1, Math.Ceiling(time.TotalSeconds));

    private static int DividedUp(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
