namespace LbTcp.Forwarding;

/// <summary>
/// The optional stages of a connection, in the order in which they run; null for one that the service does not use, which costs nothing.
/// </summary>
/// <param name="ProxyHeader">Reads the PROXY protocol header, which sets the source and the destination of the connection.</param>
/// <param name="Admission">Decides whether the client may come in.</param>
/// <param name="ServerName">
/// Reads the server name of the ClientHello, which selects the backends. It leaves the bytes for the inbound preface.
/// </param>
/// <param name="InboundPreface">
/// Carries out the TLS handshake with the client. It may replace the client's connection, see <see cref="ConnectionPreface"/>.
/// </param>
/// <param name="OutboundPreface">Sends what comes before the bytes to the backend; a part of each attempt to connect to one.</param>
internal sealed record ConnectionStages(
    IConnectionStage? ProxyHeader = null,
    IConnectionStage? Admission = null,
    IConnectionStage? ServerName = null,
    IConnectionStage? InboundPreface = null,
    OutboundPreface? OutboundPreface = null);
