using System.Net;
using System.Net.Sockets;

namespace LbTcp.Connections.Linux;

/// <summary>Dials from the calling reactor's thread; from another thread, on the first reactor's.</summary>
internal sealed class EpollConnector(EpollSockets sockets, IReadOnlyList<Reactor> reactors) : IBackendConnector
{
    public async ValueTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Reactor reactor = Reactor.Current ?? reactors[0];
        await reactor.EnterAsync();
        if (cancellationToken.IsCancellationRequested)
            return new ConnectResult(null, SocketError.OperationAborted);
        SocketError error = sockets.BeginConnect(reactor, endPoint, out EpollConnection? connection);
        if (connection is null)
            return new ConnectResult(null, error);
        using (cancellationToken.UnsafeRegister(static state => ((EpollConnection)state!).Abort(), connection))
        {
            if (connection.TryRegister())
                await connection.WritableAsync();
        }

        error = connection.ConnectError();
        if (error is SocketError.Success && EpollSockets.HasMetItself(connection))
            error = SocketError.ConnectionRefused;
        if (error is SocketError.Success)
            return new ConnectResult(connection, SocketError.Success);
        await connection.DisposeAsync();
        return new ConnectResult(null, error);
    }
}
