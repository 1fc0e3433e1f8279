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
}
