using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Sockets;

/// <summary>Accepts managed sockets.</summary>
internal sealed class SocketListener(ListenSocket listenSocket, TransportOptions options) : IConnectionListener
{
    public async ValueTask<ConnectionResult> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = await AcceptSocketAsync(cancellationToken);
            if (socket is null)
                return ConnectionResult.Failed(SocketError.OperationAborted);
            if (!OperatingSystem.IsLinux())
                SocketTuning.Apply(socket, options); // Linux lets accepted sockets inherit from the listening one
            return ConnectionResult.Of(new SocketConnection(socket, ConnectionSide.Client, PeerOf(socket)));
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            return ConnectionResult.Failed(exception.SocketErrorCode);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            socket?.Dispose();
            return ConnectionResult.Failed(SocketError.OperationAborted);
        }
    }

    public void Dispose()
    {
        // There is nothing to release.
    }

    private static EndPoint PeerOf(Socket socket) =>
        socket.AddressFamily is AddressFamily.Unix ? UnixPeer.Of(socket) : socket.RemoteEndPoint!;

    // Null after a cancellation, when no client is in the system's queue.
    private async ValueTask<Socket?> AcceptSocketAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await listenSocket.AcceptAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return listenSocket.AcceptQueued();
        }
    }
}
