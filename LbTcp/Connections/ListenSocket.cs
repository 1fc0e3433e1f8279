using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections;

/// <summary>
/// A listening socket and its only owner: the port is open from the moment this is made until it is disposed, which may happen while accept
/// loops run.
/// </summary>
internal sealed class ListenSocket : IDisposable
{
    private readonly TcpListener? _listener; // null for an adopted socket, which a TcpListener cannot take over
    private readonly IDisposable? _file; // of a unix socket
    private readonly CancellationTokenSource _closed = new();
    private bool _isClosed;

    private ListenSocket(Socket socket, TcpListener? listener, IDisposable? file = null)
    {
        Socket = socket;
        _listener = listener;
        _file = file;
        LocalEndPoint = socket.LocalEndPoint!.Named()!; // what listens has a name
        Closed = _closed.Token;
    }

    /// <summary>The socket, to set options and to take its handle from; never to be closed.</summary>
    public Socket Socket { get; }

    /// <summary>The address that it listens on, with the port that the system chose for port 0. Remains after the end.</summary>
    public EndPoint LocalEndPoint { get; }

    /// <summary>Fires right after the port was closed.</summary>
    public CancellationToken Closed { get; }

    /// <summary>
    /// Opens a TCP or a unix socket. <see cref="IPAddress.IPv6Any"/> stands for all interfaces, IPv4 and IPv6, and for IPv4 alone where the
    /// system has no IPv6; port 0 for any free one. A port is never shared with another program: SO_REUSEPORT is not set.
    /// </summary>
    /// <exception cref="ListenException">The address cannot be listened on, or is of an unknown kind.</exception>
    public static ListenSocket Open(EndPoint endPoint)
    {
        if (endPoint is UnixEndPoint unix)
        {
            (Socket socket, IDisposable? file) = UnixListenSocket.Open(unix);
            return new ListenSocket(socket, listener: null, file);
        }

        if (endPoint is not IPEndPoint address)
            throw new ListenException(endPoint, SocketError.AddressFamilyNotSupported);
        try
        {
            return address.Address.Equals(IPAddress.IPv6Any)
                ? TryStartDual(address.Port) ?? Start(new TcpListener(IPAddress.Any, address.Port), isDual: false)
                : Start(new TcpListener(address), isDual: false);
        }
        catch (SocketException exception)
        {
            throw new ListenException(address, exception.SocketErrorCode);
        }
    }

    /// <summary>Takes over a descriptor that was inherited from another process, and that listens already.</summary>
    /// <exception cref="ListenException">It is no listening socket. It is left open then.</exception>
    public static ListenSocket Adopt(int descriptor)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            var socket = new Socket(handle);
            if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is 1)
                return new ListenSocket(socket, listener: null);
        }
        catch (SocketException exception)
        {
            handle.SetHandleAsInvalid();
            throw new ListenException(descriptor, SocketErrors.Describe(exception.SocketErrorCode));
        }

        handle.SetHandleAsInvalid();
        throw new ListenException(descriptor, "the socket does not listen");
    }

    /// <summary>Accepts a client as a managed socket.</summary>
    /// <exception cref="SocketException">The system reports an error, or the socket was closed while this waited.</exception>
    /// <exception cref="InvalidOperationException">The socket was closed before.</exception>
    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) =>
        _listener?.AcceptSocketAsync(cancellationToken) ?? Socket.AcceptAsync(cancellationToken);

    /// <summary>Accepts a client that is in the system's queue already, as a managed socket; null if there is none.</summary>
    /// <exception cref="SocketException">The system reports an error.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public Socket? AcceptQueued()
    {
        Socket.Blocking = false;
        try
        {
            return Socket.Accept();
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Closes the port: new clients are refused, and pending accepts end. Further calls change nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
            return;
        _file?.Dispose(); // first: a file that is there can be connected to
        _listener?.Stop();
        Socket.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    // IPv6 can be missing in three ways: not in the kernel, turned off in the framework, turned off by sysctl.
    private static ListenSocket? TryStartDual(int port)
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
        catch (SocketException exception) when (
            exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            return null;
        }
    }

    private static ListenSocket Start(TcpListener listener, bool isDual)
    {
        try
        {
            if (isDual)
                listener.Server.DualMode = true;
            listener.Start(); // asks for the longest queue; the kernel cuts it to net.core.somaxconn
            return new ListenSocket(listener.Server, listener);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }
}
