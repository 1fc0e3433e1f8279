using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Linux;

/// <summary>Makes the sockets of the fast transport: accepts them and begins to connect them.</summary>
internal sealed unsafe class EpollSockets
{
    private readonly int _firstEphemeralPort = ReadFirstEphemeralPort();

    /// <summary>Accepts a client that waits at the descriptor <paramref name="listener"/>, to live at <paramref name="home"/>.</summary>
    /// <returns>An error, <see cref="SocketError.WouldBlock"/> when no client waits, or success with a connection.</returns>
    public static SocketError Accept(int listener, RelayThread home, out EpollConnection? connection)
    {
        connection = null;
        byte* address = stackalloc byte[RawSocketAddress.Size];
        int length = RawSocketAddress.Size;
        int descriptor = LinuxCalls.Accept(listener, address, &length, LinuxCalls.AcceptNonBlockingCloseOnExec);
        if (descriptor < 0)
            return Errno.ToSocketError(LinuxCalls.Errno);
        EndPoint remote = RawSocketAddress.Read(new ReadOnlySpan<byte>(address, length));
        if (remote is UnixEndPoint)
            remote = new LinuxSocket(descriptor).ReadUnixPeer();
        connection = new EpollConnection(home, descriptor, ConnectionSide.Client, remote);
        return SocketError.Success;
    }

    /// <summary>
    /// Begins to connect to <paramref name="endPoint"/>, from <paramref name="source"/> if that is not null. The connection becomes
    /// writable when that has ended, one way or the other.
    /// </summary>
    /// <returns>
    /// An error, <see cref="SocketError.WouldBlock"/> for a unix socket whose listen queue is full, or success with a connection.
    /// </returns>
    public static SocketError BeginConnect(
        RelayThread home, EndPoint endPoint, IPAddress? source, out EpollConnection? connection, bool isForCheck = false)
    {
        connection = null;
        byte* address = stackalloc byte[RawSocketAddress.Size];
        (int family, int length) = RawSocketAddress.Write(endPoint, new Span<byte>(address, RawSocketAddress.Size));
        if (length == 0)
            return SocketError.AddressFamilyNotSupported;
        int descriptor = LinuxCalls.Socket(family, LinuxCalls.StreamNonBlockingCloseOnExec, 0);
        if (descriptor < 0)
            return Errno.ToSocketError(LinuxCalls.Errno);
        LinuxSocket socket = new(descriptor);
        SocketError error = family is LinuxCalls.Unix ? SocketError.Success : Prepare(socket, source, isForCheck);
        if (error is SocketError.Success
            && LinuxCalls.Connect(descriptor, address, length) != 0 && LinuxCalls.Errno is not LinuxCalls.InProgress)
            error = Errno.ToSocketError(LinuxCalls.Errno);
        if (error is not SocketError.Success)
        {
            socket.Close();
            return error;
        }

        connection = new EpollConnection(home, descriptor, ConnectionSide.Backend, endPoint);
        return SocketError.Success;
    }

    /// <summary>
    /// Whether a dial to an unused port of the ephemeral range has connected to itself (TCP's simultaneous open): no server listens there.
    /// </summary>
    public bool IsSelfConnected(EpollConnection connection) =>
        connection.RemoteEndPoint is IPEndPoint remote && remote.Port >= _firstEphemeralPort && remote.Equals(
            connection.ReadLocalEndPoint());

    private static SocketError Prepare(LinuxSocket socket, IPAddress? source, bool isForCheck)
    {
        if (isForCheck)
            socket.Set(LinuxCalls.TcpLevel, SocketTuning.QuickAck, 0); // see SocketTuning.ApplyToCheck
        else
            socket.Set(LinuxCalls.TcpLevel, LinuxCalls.TcpNoDelay, 1); // accepted sockets inherit it from the listening one
        return source is null ? SocketError.Success : socket.Bind(source);
    }

    // Of net.ipv4.ip_local_port_range, see ip(7), which holds for IPv6 as well; 0, so that every dial is examined, when it cannot be read.
    private static int ReadFirstEphemeralPort()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t')[0], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }
}
