using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Connections.Linux;

/// <summary>Makes the sockets of the fast transport: accepts them and begins to connect them.</summary>
internal sealed unsafe class EpollSockets(ConnectionTable table)
{
    private readonly int _firstEphemeralPort = ReadFirstEphemeralPort();

    /// <summary>Accepts a client that waits at <paramref name="listener"/>, to live on <paramref name="reactor"/>.</summary>
    /// <returns>An error, <see cref="SocketError.WouldBlock"/> when nobody waits, or success with a connection.</returns>
    public SocketError Accept(int listener, Reactor reactor, out EpollConnection? connection)
    {
        connection = null;
        byte* address = stackalloc byte[SocketAddress.Size];
        int length = SocketAddress.Size;
        int descriptor = LinuxCalls.Accept(listener, address, &length, LinuxCalls.AcceptNonBlockingCloseOnExec);
        if (descriptor < 0)
            return Errno.ToSocketError(LinuxCalls.Errno);
        IPEndPoint remote = SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.Size));
        connection = new EpollConnection(reactor, descriptor, table.NewToken(descriptor), remote, isClient: true);
        return SocketError.Success;
    }

    /// <summary>Begins to connect to <paramref name="endPoint"/>. The connection becomes writable when that has ended, one way or the other.</summary>
    public SocketError BeginConnect(Reactor reactor, IPEndPoint endPoint, out EpollConnection? connection)
    {
        connection = null;
        byte* address = stackalloc byte[SocketAddress.Size];
        (int family, int length) = SocketAddress.Write(endPoint, new Span<byte>(address, SocketAddress.Size));
        int descriptor = LinuxCalls.Socket(family, LinuxCalls.StreamNonBlockingCloseOnExec, 0);
        if (descriptor < 0)
            return Errno.ToSocketError(LinuxCalls.Errno);
        LinuxSocket socket = new(descriptor);
        socket.Set(LinuxCalls.TcpLevel, LinuxCalls.TcpNoDelay, 1); // accepted sockets inherit it from the listening one
        if (LinuxCalls.Connect(descriptor, address, length) != 0 && LinuxCalls.Errno is not LinuxCalls.InProgress)
        {
            SocketError error = Errno.ToSocketError(LinuxCalls.Errno);
            socket.Close();
            return error;
        }

        connection = new EpollConnection(reactor, descriptor, table.NewToken(descriptor), endPoint, isClient: false);
        return SocketError.Success;
    }

    /// <summary>
    /// Whether a dial to an unused port of the ephemeral range has met itself (TCP's simultaneous open): nobody is listening there.
    /// </summary>
    public bool HasMetItself(EpollConnection connection)
    {
        if (connection.RemoteEndPoint.Port < _firstEphemeralPort)
            return false;
        byte* address = stackalloc byte[SocketAddress.Size];
        int length = SocketAddress.Size;
        return LinuxCalls.GetSocketName(connection.Descriptor, address, &length) == 0
            && SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.Size)).Equals(connection.RemoteEndPoint);
    }

    // Of net.ipv4.ip_local_port_range, see ip(7), which IPv6 goes by as well; 0, so that every dial is looked at, when it cannot be read.
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
