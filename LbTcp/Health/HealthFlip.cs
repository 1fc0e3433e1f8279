namespace LbTcp.Health;

/// <summary>A change of the health of a backend, and its reason.</summary>
/// <param name="Record">The record of the backend.</param>
/// <param name="IsHealthy">The new health.</param>
/// <param name="Cause">What caused it.</param>
/// <param name="Reason">The reason, for the log.</param>
/// <param name="Count">The number of successes or failures in a row that led to it; 0 if it was none.</param>
/// <param name="Hint">What the operator may try, or null.</param>
internal sealed record HealthFlip(
    BackendHealth Record, bool IsHealthy, HealthFlipCause Cause, string Reason, int Count, string? Hint = null)
{
    /// <summary>Whether the backend was unhealthy before: checks confirm what connections of clients have shown.</summary>
    public bool IsConfirmation { get; init; }

    /// <summary>Whether connections of clients made the backend unhealthy.</summary>
    public bool IsEjection => !IsHealthy && Cause is HealthFlipCause.Traffic or HealthFlipCause.Hedge or HealthFlipCause.Silence;
}

/// <summary>What causes a change of health.</summary>
internal enum HealthFlipCause
{
    /// <summary>Health checks.</summary>
    Checks,

    /// <summary>Connections of clients, or the end of an ejection that they caused.</summary>
    Traffic,

    /// <summary>Connections of clients that another backend answered, and this one did not.</summary>
    Hedge,

    /// <summary>Connections of clients that were established, and on which the backend sent nothing.</summary>
    Silence,

    /// <summary>A configuration by which the backend is not checked.</summary>
    Configuration,
}
