using LbTcp.Connections.Tls;

namespace LbTcp.Health.Exchanges;

/// <summary>What comes before an exchange.</summary>
/// <param name="Header">The bytes that are sent first, such as a PROXY protocol header; empty for none.</param>
/// <param name="Tls">Carries out the TLS handshake that follows; null if the exchange is not encrypted.</param>
internal readonly record struct ProbePreface(ReadOnlyMemory<byte> Header, IBackendTls? Tls = null);
