namespace LbTcp.Health;

/// <summary>The result of one probe of one backend.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Detail">A description for the log: "GET /health answered 503", "connection refused".</param>
/// <param name="Hint">A hint for the operator, or null.</param>
/// <param name="IsAnswer">
/// Whether the program of the backend has answered. The system completes the handshake of a TCP check also for a program that hangs.
/// </param>
internal readonly record struct ProbeResult(ProbeOutcome Outcome, string Detail, string? Hint = null, bool IsAnswer = false);
