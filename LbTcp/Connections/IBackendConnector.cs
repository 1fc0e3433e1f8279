using System.Net;

namespace LbTcp.Connections;

/// <summary>Dials one address of a backend.</summary>
internal interface IBackendConnector
{
    /// <summary>
    /// Dials <paramref name="endPoint"/> once. A failure is a value, not an exception; when <paramref name="cancellationToken"/> fires the error
    /// is <see cref="System.Net.Sockets.SocketError.OperationAborted"/>. Whatever the outcome, no descriptor is left behind.
    /// </summary>
    ValueTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken);
}
