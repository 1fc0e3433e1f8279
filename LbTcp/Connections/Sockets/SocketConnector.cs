using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections.Sockets;

/// <summary>Dials with a managed socket.</summary>
internal sealed class SocketConnector(TransportOptions options) : IBackendConnector
{
    public async ValueTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            SocketTuning.Apply(socket, options);
            await socket.ConnectAsync(endPoint, cancellationToken);

            // A dial to an unused port of the ephemeral range may meet itself (TCP's simultaneous open): nobody is listening there.
            if (endPoint.Equals(socket.LocalEndPoint))
                return Failed(socket, SocketError.ConnectionRefused);
            return new ConnectResult(new SocketConnection(socket, endPoint), SocketError.Success);
        }
        catch (SocketException exception)
        {
            return Failed(socket, exception.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            return Failed(socket, SocketError.OperationAborted);
        }
    }

    private static ConnectResult Failed(Socket? socket, SocketError error)
    {
        socket?.Dispose();
        return new ConnectResult(null, error);
    }
}
