namespace LbTcp.Hosting.Operations;

/// <summary>One health check.</summary>
/// <param name="Time">When it began.</param>
/// <param name="Outcome">The result.</param>
/// <param name="Duration">From its begin to the result.</param>
/// <param name="Detail">The result in words: "200", "connection refused".</param>
internal sealed record CheckStatus(DateTimeOffset Time, CheckOutcome Outcome, TimeSpan Duration, string Detail);

/// <summary>The result of a health check.</summary>
internal enum CheckOutcome
{
    /// <summary>The backend works.</summary>
    Success,

    /// <summary>The backend does not work.</summary>
    Failure,

    /// <summary>
    /// The check failed for a reason on this machine, which is no evidence about the backend, or a backend that is ejected for silence has
    /// not answered.
    /// </summary>
    Inconclusive,
}
