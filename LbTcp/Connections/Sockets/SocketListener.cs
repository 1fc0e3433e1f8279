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
            socket = await listenSocket.AcceptAsync(cancellationToken);
            if (!OperatingSystem.IsLinux())
                SocketTuning.Apply(socket, options); // Linux lets accepted sockets inherit from the listening one
            return ConnectionResult.Of(new SocketConnection(socket, ConnectionSide.Client, socket.RemoteEndPoint!));
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            return ConnectionResult.Failed(exception.SocketErrorCode);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            socket?.Dispose();
            return ConnectionResult.Failed(SocketError.OperationAborted);
        }
    }

    public void Dispose()
    {
        // There is nothing to release.
    }
}
