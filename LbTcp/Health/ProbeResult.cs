namespace LbTcp.Health;

/// <summary>What one probe of one backend reports.</summary>
/// <param name="Outcome">What it says about the backend.</param>
/// <param name="Detail">What happened, for the log: "GET /health answered 503", "connection refused".</param>
/// <param name="Hint">What the operator may want to change, or null.</param>
internal readonly record struct ProbeResult(ProbeOutcome Outcome, string Detail, string? Hint = null);
