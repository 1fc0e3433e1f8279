using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;

namespace LbTcp.Hosting.Operations;

/// <summary>The words for the health of a backend and for what changes it.</summary>
internal static class HealthWords
{
    /// <summary>The state of a backend that failed connections of clients have taken out.</summary>
    public const string Ejected = "ejected";

    /// <summary>Returns the health of a backend.</summary>
    public static HealthState Of(Backend backend, BackendHealth health, HealthCheckOptions checks)
    {
        if (!backend.IsResolved)
            return HealthState.Unresolved;
        if (!backend.IsHealthy)
            return health.IsEjected ? HealthState.Ejected : HealthState.Unhealthy;
        return checks.KindFor(backend.Options) is CheckKind.None ? HealthState.Unchecked : HealthState.Healthy;
    }

    /// <summary>Returns the new state after a flip.</summary>
    public static string StateOf(HealthFlip flip) => flip.IsEjection ? Ejected : Of(flip.IsHealthy);

    /// <summary>Returns the word for the health of a backend that is not ejected.</summary>
    public static string Of(bool isHealthy) => isHealthy ? "healthy" : "unhealthy";

    /// <summary>Returns why a flip happened, in a clause.</summary>
    public static string ReasonOf(HealthFlip flip) => flip switch
    {
        { IsConfirmation: true } => $"checks fail as well: {flip.Reason}",
        { IsEjection: true, Count: 1 } => $"a connection of a client failed: {flip.Reason}",
        { IsEjection: true } => $"{flip.Count} connections of clients failed in a row: {flip.Reason}",
        { Cause: HealthFlipCause.Checks, IsHealthy: false, Count: 1 } => $"a check failed: {flip.Reason}",
        { Cause: HealthFlipCause.Checks, IsHealthy: false } => $"{flip.Count} checks failed in a row: {flip.Reason}",
        { Cause: HealthFlipCause.Checks, Count: 1 } => $"a check succeeded: {flip.Reason}",
        { Cause: HealthFlipCause.Checks } => $"{flip.Count} checks succeeded in a row: {flip.Reason}",
        _ => flip.Reason,
    };

    /// <summary>Returns what caused a flip.</summary>
    public static TransitionTrigger TriggerOf(HealthFlip flip) => flip.Cause switch
    {
        HealthFlipCause.Checks => TransitionTrigger.Active,
        HealthFlipCause.Traffic or HealthFlipCause.Silence => TransitionTrigger.Passive,
        HealthFlipCause.Hedge => TransitionTrigger.Hedge,
        HealthFlipCause.Configuration => TransitionTrigger.Reload,
        _ => throw new InvalidOperationException($"Unknown cause {flip.Cause}."),
    };

    /// <summary>Returns the word for an intent.</summary>
    public static string Of(BackendIntent intent) => intent switch
    {
        BackendIntent.Ready => "ready",
        BackendIntent.Drain => "drain",
        BackendIntent.Maint => "maint",
        _ => throw new InvalidOperationException($"Unknown intent {intent}."),
    };
}
