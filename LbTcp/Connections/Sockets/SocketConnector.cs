using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Sockets;

/// <summary>Dials with a managed socket.</summary>
/// <param name="options">The options of sockets that are relayed.</param>
/// <param name="isForChecks">Whether the connections are for health checks.</param>
internal sealed class SocketConnector(TransportOptions options, bool isForChecks = false) : IBackendConnector
{
    public async ValueTask<ConnectionResult> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (endPoint is not IPEndPoint)
            return ConnectionResult.Failed(SocketError.AddressFamilyNotSupported);
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (isForChecks)
                SocketTuning.ApplyToCheck(socket);
            else
                SocketTuning.Apply(socket, options);
            await socket.ConnectAsync(endPoint, cancellationToken);

            // A dial to an unused port of the ephemeral range may connect to itself (TCP's simultaneous open): no server listens there.
            if (endPoint.Equals(socket.LocalEndPoint))
                return Failed(socket, SocketError.ConnectionRefused);
            return ConnectionResult.Of(new SocketConnection(socket, ConnectionSide.Backend, endPoint));
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

    private static ConnectionResult Failed(Socket? socket, SocketError error)
    {
        socket?.Dispose();
        return ConnectionResult.Failed(error);
    }
}
