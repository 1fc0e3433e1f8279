using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections.Sockets;

/// <summary>Accepts from a started <see cref="TcpListener"/>.</summary>
internal sealed class SocketListener(TcpListener listener, TransportOptions options) : IConnectionListener
{
    public async ValueTask<AcceptResult> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = await listener.AcceptSocketAsync(cancellationToken);
            if (!OperatingSystem.IsLinux())
                SocketTuning.Apply(socket, options); // Linux lets accepted sockets inherit from the listening one
            return new AcceptResult(new SocketConnection(socket, (IPEndPoint)socket.RemoteEndPoint!), SocketError.Success);
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            return new AcceptResult(null, exception.SocketErrorCode);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            socket?.Dispose();
            return new AcceptResult(null, SocketError.OperationAborted);
        }
    }

    public void Dispose() => listener.Stop();
}
