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
    public ValueTask<ConnectionResult> ConnectAsync(EndPoint endPoint, IPAddress? source, CancellationToken cancellationToken) =>
        endPoint switch
        {
            IPEndPoint => DialAsync(endPoint, source, cancellationToken),
            UnixEndPoint => DialUnixAsync(endPoint, cancellationToken),
            _ => ValueTask.FromResult(ConnectionResult.Failed(SocketError.AddressFamilyNotSupported)),
        };

    // By itself, since the lambda's closure would be allocated for every dial otherwise.
    private ValueTask<ConnectionResult> DialUnixAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
        FullQueue.WaitAsync(() => DialAsync(endPoint, source: null, cancellationToken), cancellationToken);

    private async ValueTask<ConnectionResult> DialAsync(EndPoint endPoint, IPAddress? source, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(
                endPoint.AddressFamily, SocketType.Stream, endPoint is UnixEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
            if (isForChecks)
                SocketTuning.ApplyToCheck(socket);
            else
                SocketTuning.Apply(socket, options);
            if (source is not null && SocketTuning.Bind(socket, source) is not SocketError.Success and SocketError error)
                return Failed(socket, error);
            await socket.ConnectAsync(endPoint, cancellationToken);

            // A dial to an unused port of the ephemeral range may connect to itself (TCP's simultaneous open): no server listens there.
            if (endPoint.Equals(socket.LocalEndPoint))
                return Failed(socket, SocketError.ConnectionRefused);
            return ConnectionResult.Of(new SocketConnection(socket, ConnectionSide.Backend, endPoint));
        }
        catch (SocketException exception)
        {
            return Failed(socket, ErrorOf(exception.SocketErrorCode, endPoint));
        }
        catch (OperationCanceledException)
        {
            return Failed(socket, SocketError.OperationAborted);
        }
    }

    // The framework translates ENOENT as it translates EADDRNOTAVAIL.
    private static SocketError ErrorOf(SocketError error, EndPoint endPoint) =>
        error is SocketError.AddressNotAvailable && endPoint is UnixEndPoint ? SocketErrors.NoSuchFile : error;

    private static ConnectionResult Failed(Socket? socket, SocketError error)
    {
        socket?.Dispose();
        return ConnectionResult.Failed(error);
    }
}
