namespace LbTcp.Health;

/// <summary>What a probe says about a backend.</summary>
internal enum ProbeOutcome
{
    /// <summary>The backend works.</summary>
    Healthy,

    /// <summary>The backend does not work.</summary>
    Unhealthy,

    /// <summary>Nothing: the probe failed on this side of the wire (no descriptors, no ports) or ran late.</summary>
    Inconclusive,
}
