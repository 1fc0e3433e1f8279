using System.Net;

namespace LbTcp.Connections;

/// <summary>Dials one address of a backend.</summary>
internal interface IBackendConnector
{
    /// <summary>
    /// Dials <paramref name="endPoint"/> once, from the address <paramref name="source"/> of this machine, which must be of the same
    /// family; null for the one that the system selects. A failure is a value, not an exception: an address of an unknown kind is refused
    /// with <see cref="System.Net.Sockets.SocketError.AddressFamilyNotSupported"/>, and when <paramref name="cancellationToken"/> fires
    /// the error is <see cref="System.Net.Sockets.SocketError.OperationAborted"/>. A failed dial leaves no descriptor open.
    /// </summary>
    ValueTask<ConnectionResult> ConnectAsync(EndPoint endPoint, IPAddress? source, CancellationToken cancellationToken);
}
