namespace LbTcp.Health;

/// <summary>The result of one probe of one backend.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Detail">A description for the log: "GET /health answered 503", "connection refused".</param>
/// <param name="Hint">A hint for the operator, or null.</param>
internal readonly record struct ProbeResult(ProbeOutcome Outcome, string Detail, string? Hint = null)
{
    /// <summary>Whether only the system of the backend was asked, which may answer although the program hangs.</summary>
    public bool IsOfSystem { get; init; }
}
