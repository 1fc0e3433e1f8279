namespace LbTcp.Health;

/// <summary>The outcome of a probe.</summary>
internal enum ProbeOutcome
{
    /// <summary>The backend works.</summary>
    Healthy,

    /// <summary>The backend does not work.</summary>
    Unhealthy,

    /// <summary>
    /// The probe failed for a reason on this machine (no descriptors, no ports, a paused process): no evidence about the backend.
    /// </summary>
    Inconclusive,

    /// <summary>
    /// The connection was established, but the program has not answered: no reason to make an ejected backend unhealthy by its checks, nor
    /// to return it.
    /// </summary>
    Unanswered,
}
