namespace LbTcp.Forwarding;

/// <summary>The optional stages of a connection; null for one that the service does not use, which costs nothing.</summary>
/// <param name="Admission">Decides whether the client may come in.</param>
/// <param name="InboundPreface">
/// Reads what comes before the client's bytes, and may change the source and destination of the connection.
/// </param>
/// <param name="OutboundPreface">Writes what comes before the bytes to the backend.</param>
internal sealed record ConnectionStages(
    IConnectionStage? Admission = null, IConnectionStage? InboundPreface = null, IConnectionStage? OutboundPreface = null);
