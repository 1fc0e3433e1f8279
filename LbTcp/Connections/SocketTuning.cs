using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Connections;

/// <summary>The socket options of connections.</summary>
internal static class SocketTuning
{
    private const int MaxKeepAliveProbes = 6;

    /// <summary>TCP_QUICKACK, an option of Linux (tcp(7)).</summary>
    public const int QuickAck = 12;

    /// <summary>IP_BIND_ADDRESS_NO_PORT, an option of Linux (ip(7)), for IPv6 sockets as well.</summary>
    public const int BindAddressNoPort = 24;

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
        if (socket.AddressFamily is AddressFamily.Unix)
            return; // it has none of these options
        socket.NoDelay = true;
        if (options.KeepAlive <= TimeSpan.Zero)
            return;
        (int count, int interval) = KeepAliveProbes(options);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds(options));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, interval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, count);
    }

    /// <summary>
    /// Sets up the socket of a health check before it is connected. Linux then delays the acknowledgement that completes the handshake, by
    /// 200 ms at most: it is sent with the request, or not at all if the connection is reset before, and the backend's program never gets a
    /// connection that was dialled only to see whether that works (net/ipv4/tcp_input.c, tcp_rcv_synsent_state_process).
    /// </summary>
    public static void ApplyToCheck(Socket socket) => SetQuickAck(socket, 0);

    /// <summary>Sends the acknowledgement that <see cref="ApplyToCheck"/> has delayed (net/ipv4/tcp.c, __tcp_sock_set_quickack).</summary>
    public static void AcknowledgeHandshake(Socket socket) => SetQuickAck(socket, 1);

    /// <summary>
    /// Sets the address from which a socket will be connected. On Linux the port is selected by the connect, which knows the address of
    /// the peer, so that connections to different peers can share it.
    /// </summary>
    /// <returns><see cref="SocketErrors.SourceNotLocal"/> if this machine does not have the address, or success.</returns>
    /// <exception cref="SocketException">Another error.</exception>
    public static SocketError Bind(Socket socket, IPAddress source)
    {
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.IP, BindAddressNoPort, BitConverter.GetBytes(1));
        try
        {
            socket.Bind(new IPEndPoint(source, 0));
            return SocketError.Success;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            return SocketErrors.SourceNotLocal;
        }
    }

    private static void SetQuickAck(Socket socket, int value)
    {
        if (OperatingSystem.IsLinux() && socket.AddressFamily is not AddressFamily.Unix)
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, QuickAck, BitConverter.GetBytes(value));
    }

    private static int WholeSeconds(TimeSpan time) => (int)Math.Max(1, Math.Ceiling(time.TotalSeconds));

    private static int DividedUp(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
