namespace LbTcp.Connections;

/// <summary>
/// One accept loop's view of a listening socket. A transport may offer several of them for one socket; each is used by one loop.
/// Disposing one, which must wait until all loops of the socket have ended, closes the port.
/// </summary>
internal interface IConnectionListener : IDisposable
{
    /// <summary>
    /// Waits for the next client. Never throws for what a client or the system did: the result carries the error. After the listening
    /// socket was closed, or <paramref name="cancellationToken"/> fired, the error is <see cref="System.Net.Sockets.SocketError.OperationAborted"/>.
    /// </summary>
    ValueTask<AcceptResult> AcceptAsync(CancellationToken cancellationToken);
}
