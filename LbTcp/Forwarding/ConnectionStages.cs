namespace LbTcp.Forwarding;

/// <summary>
/// The optional stages of a connection, in the order in which they run unless noted otherwise; null for one that the service does not use,
/// which costs nothing.
/// </summary>
/// <param name="ProxyHeader">Reads the PROXY protocol header, which sets the source and the destination of the connection.</param>
/// <param name="Admission">Decides whether the client may come in.</param>
/// <param name="InboundPreface">
/// Carries out the TLS handshake with the client. It may replace the client's connection, see <see cref="ConnectionPreface"/>.
/// </param>
/// <param name="OutboundPreface">Sends what comes before the bytes to the backend, and may replace the connection to it.</param>
/// <param name="ServerName">
/// Reads the server name of the ClientHello, which selects the backends. It runs before the inbound preface, for which it leaves the bytes.
/// </param>
internal sealed record ConnectionStages(
    IConnectionStage? ProxyHeader = null,
    IConnectionStage? Admission = null,
    IConnectionStage? InboundPreface = null,
    IConnectionStage? OutboundPreface = null,
    IConnectionStage? ServerName = null);
