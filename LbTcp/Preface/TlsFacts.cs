namespace LbTcp.Preface;

/// <summary>What is known about the TLS connection of a client that was terminated here.</summary>
/// <param name="Version">The version as OpenSSL writes it, <c>TLSv1.3</c>.</param>
/// <param name="Alpn">The application protocol that was negotiated; null for none.</param>
/// <param name="ClientVerified">Whether the certificate of the client was accepted; null if it sent none.</param>
/// <param name="ClientCommonName">The common name (CN) in the certificate of the client; null for none.</param>
internal sealed record TlsFacts(string Version, string? Alpn = null, bool? ClientVerified = null, string? ClientCommonName = null);
