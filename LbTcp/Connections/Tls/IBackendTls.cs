using LbTcp.Configuration;

namespace LbTcp.Connections.Tls;

/// <summary>Carries out TLS handshakes with backends.</summary>
internal interface IBackendTls
{
    /// <summary>Carries out the handshake over a connection to a backend, as its options say.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="protocol">The application protocol (ALPN) to offer; null for none.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    /// <returns>Null if it succeeded, otherwise why it failed, in a few words.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    /// <exception cref="OperationCanceledException">The token has fired.</exception>
    Task<string?> AuthenticateAsync(
        TlsConnection connection, BackendOptions backend, string? protocol, CancellationToken cancellationToken);
}
