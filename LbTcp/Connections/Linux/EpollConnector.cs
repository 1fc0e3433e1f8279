using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Dials from the calling reactor's thread; from a thread that is none of this transport's, on the first reactor's.</summary>
internal sealed class EpollConnector(EpollSockets sockets, Reactor[] reactors) : IBackendConnector
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Reactor reactor = Reactor.Current is { } current && reactors.Contains(current) ? current : reactors[0];
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

        if (cancellationToken.IsCancellationRequested)
            connection.Abort(); // it may have succeeded all the same; the abort that was asked for is still on its way then
        error = connection.ConnectError();
        if (error is SocketError.Success && sockets.HasMetItself(connection))
            error = SocketError.ConnectionRefused;
        if (error is SocketError.Success)
        {
            reactor.KeepAlive.Add(connection, Environment.TickCount64);
            return new ConnectResult(connection, SocketError.Success);
        }

        await connection.DisposeAsync();
        return new ConnectResult(null, error);
    }
}
