using LbTcp.Backends;

namespace LbTcp.Hosting.Operations;

/// <summary>Says why a backend has its state.</summary>
internal static class StateReason
{
    /// <summary>
    /// Returns the reasons for its intent and its health, in clauses; for one that works and gets no new connection, why it gets none.
    /// </summary>
    public static string Of(BackendFacts facts) => facts switch
    {
        { Backend.Intent: not BackendIntent.Ready } => $"{OfIntent(facts)}; {OfHealth(facts)}",
        { Health: HealthState.Healthy or HealthState.Unchecked, IsAvailable: false } => OfAbsence(facts)!,
        _ => OfHealth(facts),
    };

    /// <summary>Returns why a backend gets no new connection, in a clause; null if it gets some.</summary>
    public static string? OfAbsence(BackendFacts facts) => facts switch
    {
        { IsAvailable: true } => null,
        { Backend.Intent: not BackendIntent.Ready } => OfIntent(facts),
        { Backend.IsResolved: false } => OfHealth(facts),
        { Health: HealthState.Ejected } => $"{HealthWords.Ejected} since {Phrases.Of(facts.Journal.Since, facts.Now)}: {OfHealth(facts)}",
        { Backend.IsHealthy: false } => $"unhealthy since {Phrases.Of(facts.Journal.Since, facts.Now)}: {OfHealth(facts)}",
        { Backend.Weight: 0 } => "its weight is 0",
        { IsInReserve: true } => "it is a backup: used while no other backend is available",
        { Backend.IsFull: true } => OfFull(facts.Backend),
        _ => "it was changed just now",
    };

    /// <summary>Returns who set the intent, in a clause.</summary>
    public static string OfIntent(BackendFacts facts)
    {
        string intent = HealthWords.Of(facts.Backend.Intent);
        return facts.Journal.Intent is { } set
            ? $"{intent} was {By(set.Reason)} at {Phrases.Of(set.Time, facts.Now)}"
            : $"{intent} was set";
    }

    /// <summary>Returns that all slots are used, in a clause.</summary>
    public static string OfFull(Backend backend) =>
        $"it is full, {backend.OpenConnections} of {Phrases.Count(backend.MaxConnections, "connection")}";

    private static string OfHealth(BackendFacts facts) => facts.Health switch
    {
        HealthState.Unresolved => $"no name server has answered for {facts.Backend.Address.HostName} yet",
        HealthState.Unchecked => "it is not checked",
        _ when facts.Journal.Health is { } latest => latest.Reason,
        HealthState.Healthy => "it has been healthy since it was added",
        _ => "it was marked so from outside",
    };

    // "set by token from 10.0.0.1, was ready" without the end.
    private static string By(string reason) => reason.Split(", was ")[0];
}
