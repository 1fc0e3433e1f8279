using System.Net;
using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>The listening sockets of one service. They own their ports from the moment they are opened until they are closed.</summary>
internal sealed class ListenSockets : IDisposable
{
    private readonly List<TcpListener> _listeners = [];

    private ListenSockets()
    {
    }

    /// <summary>The sockets, listening.</summary>
    public IReadOnlyList<TcpListener> Listeners => _listeners;

    /// <summary>
    /// Opens a socket at each address, or none at all. <see cref="IPAddress.IPv6Any"/> stands for all interfaces, IPv4 and IPv6, and for IPv4
    /// alone where the system has no IPv6; port 0 for any free one. A port is never shared with another program: SO_REUSEPORT is not set.
    /// </summary>
    /// <exception cref="ListenException">One of the addresses cannot be listened on.</exception>
    public static ListenSockets Open(IEnumerable<IPEndPoint> endPoints)
    {
        var sockets = new ListenSockets();
        try
        {
            foreach (IPEndPoint endPoint in endPoints)
                sockets._listeners.Add(Open(endPoint));
            return sockets;
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    /// <summary>Closes the sockets: who connects from now on is refused. Further calls change nothing.</summary>
    public void Dispose() => _listeners.ForEach(listener => listener.Stop());

    private static TcpListener Open(IPEndPoint endPoint)
    {
        try
        {
            return endPoint.Address.Equals(IPAddress.IPv6Any)
                ? TryStartDual(endPoint.Port) ?? Start(new TcpListener(IPAddress.Any, endPoint.Port), isDual: false)
                : Start(new TcpListener(endPoint), isDual: false);
        }
        catch (SocketException exception)
        {
            throw new ListenException(endPoint, exception.SocketErrorCode);
        }
    }

    // IPv6 can be missing in three ways: not in the kernel, turned off in the framework, turned off by sysctl.
    private static TcpListener? TryStartDual(int port)
    {
        if (!Socket.OSSupportsIPv6)
            return null;
        try
        {
            return Start(new TcpListener(IPAddress.IPv6Any, port), isDual: true);
        }
        catch (PlatformNotSupportedException)
        {
            return null; // what setting DualMode throws (dotnet/runtime#122435)
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            return null;
        }
    }

    private static TcpListener Start(TcpListener listener, bool isDual)
    {
        try
        {
            if (isDual)
                listener.Server.DualMode = true;
            listener.Start(); // asks for the longest queue; the kernel cuts it to net.core.somaxconn
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }
}
