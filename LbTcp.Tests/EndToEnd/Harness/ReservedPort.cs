using System.Net;
using System.Net.Sockets;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// A loopback port that refuses connections and that the system assigns to no other socket. A server that sets SO_REUSEADDR can listen on
/// it meanwhile (socket(7): two such sockets share a port as long as only one of them listens), stop, and listen again: no race for the
/// port.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket;

    /// <summary>Reserves a port of <paramref name="address"/>, 127.0.0.1 when null; a free one, or that of another address.</summary>
    public ReservedPort(IPAddress? address = null, int port = 0)
    {
        address ??= IPAddress.Loopback;
        _socket = CreateSocket(address.AddressFamily);
        _socket.Bind(new IPEndPoint(address, port));
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>A socket that listens on the port until it is disposed of.</summary>
    /// <param name="backlog">How many connections wait to be accepted.</param>
    /// <param name="receiveBuffer">What accepted connections store for a reader that does not read; the system's choice when null.</param>
    public Socket Listen(int backlog = 512, int? receiveBuffer = null)
    {
        Socket listener = CreateSocket(_socket.AddressFamily);
        if (receiveBuffer is { } size)
            listener.ReceiveBufferSize = size;
        listener.Bind(EndPoint);
        listener.Listen(backlog);
        return listener;
    }

    public void Dispose() => _socket.Dispose();

    private static Socket CreateSocket(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(1, 2, BitConverter.GetBytes(1)); // SOL_SOCKET, SO_REUSEADDR; .NET's ReuseAddress means SO_REUSEPORT, too
        return socket;
    }
}
