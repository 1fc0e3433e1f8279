using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>Dials on the calling reactor's thread; called on a thread of no reactor of this transport, on the first reactor's.</summary>
/// <param name="sockets">Makes the sockets.</param>
/// <param name="threads">The threads that the connections may live on; at least one.</param>
/// <param name="isForChecks">Whether the connections are for health checks.</param>
internal sealed class EpollConnector(EpollSockets sockets, RelayThread[] threads, bool isForChecks = false) : IBackendConnector
{
    public ValueTask<ConnectionResult> ConnectAsync(EndPoint endPoint, IPAddress? source, CancellationToken cancellationToken) =>
        endPoint is UnixEndPoint
            ? DialUnixAsync(endPoint, cancellationToken)
            : DialAsync(endPoint, source, cancellationToken);

    // By itself, since the lambda's closure would be allocated for every dial otherwise.
    private ValueTask<ConnectionResult> DialUnixAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
        FullQueue.WaitAsync(() => DialAsync(endPoint, source: null, cancellationToken), cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ConnectionResult> DialAsync(EndPoint endPoint, IPAddress? source, CancellationToken cancellationToken)
    {
        RelayThread home = Home();
        await home.Reactor.EnterAsync();
        if (cancellationToken.IsCancellationRequested)
            return ConnectionResult.Failed(SocketError.OperationAborted);
        SocketError error = EpollSockets.BeginConnect(home, endPoint, source, out EpollConnection? connection, isForChecks);
        if (connection is null)
            return ConnectionResult.Failed(error);
        using (cancellationToken.UnsafeRegister(static state => ((EpollConnection)state!).Abort(), connection))
        {
            if (connection.TryRegister())
                await connection.WritableAsync();
        }

        if (cancellationToken.IsCancellationRequested)
            connection.Abort(); // the dial may have succeeded before the abort that the cancellation has posted
        error = connection.ConnectError();
        if (error is SocketError.Success && sockets.IsSelfConnected(connection))
            error = SocketError.ConnectionRefused;
        if (error is SocketError.Success)
        {
            if (endPoint is IPEndPoint)
                home.KeepAlive.Add(connection.Descriptor, Environment.TickCount64);
            return ConnectionResult.Of(connection);
        }

        await connection.DisposeAsync();
        return ConnectionResult.Failed(error);
    }

    private RelayThread Home() =>
        Reactor.Current is { } current && current.Number < threads.Length && threads[current.Number].Reactor == current
            ? threads[current.Number]
            : threads[0];
}
