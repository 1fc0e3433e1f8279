namespace LbTcp.Connections;

/// <summary>
/// One accept loop on a <see cref="ListenSocket"/>. A transport may offer several for one socket; each is used by one loop. Disposing it,
/// which must wait until its loop has ended, releases what the transport holds for it and leaves the socket open; further calls change
/// nothing.
/// </summary>
internal interface IConnectionListener : IDisposable
{
    /// <summary>
    /// Waits for the next client. Never throws for what a client or the system did: the result carries the error. After
    /// <paramref name="cancellationToken"/> fired, it accepts a client that is in the system's queue already and does not wait; if there is
    /// none, or the listening socket was closed, the error is <see cref="System.Net.Sockets.SocketError.OperationAborted"/>.
    /// </summary>
    ValueTask<ConnectionResult> AcceptAsync(CancellationToken cancellationToken);
}
