using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Hosting.Operations;

/// <summary>Says what has to happen for a backend to get new connections, or to lose them.</summary>
internal static class NextSteps
{
    /// <summary>Returns the steps, in clauses; those of the operator first.</summary>
    public static IReadOnlyList<string> Of(BackendFacts facts) =>
        [.. OfOperator(facts), .. OfHealth(facts), .. OfLimits(facts)];

    private static IEnumerable<string> OfOperator(BackendFacts facts)
    {
        Backend backend = facts.Backend;
        if (backend.Intent is not BackendIntent.Ready)
            yield return $"{StateReason.OfIntent(facts)}; lbtcp ready {backend.Name} ends it";
        if (backend is { Weight: 0, WeightOverride: not null })
        {
            yield return $"its weight is 0, set by an operator; lbtcp weight {backend.Name} - restores the configured weight, "
                + $"{backend.Options.Weight}";
        }
        else if (backend.Weight == 0)
        {
            yield return $"its weight is 0; lbtcp weight {backend.Name} 1 overrides that";
        }
    }

    private static IEnumerable<string> OfHealth(BackendFacts facts)
    {
        switch (facts.Health)
        {
            case HealthState.Unresolved:
                return [$"it gets connections when a name server answers for {facts.Backend.Address.HostName}"];
            case HealthState.Ejected:
                return [$"the ejection ends in {Phrases.Of(facts.Record.EjectionLeft)}{Early(facts)}", .. Rise(facts)];
            case HealthState.Unhealthy when facts.IsChecked:
                return [Streak(facts, facts.Options.HealthCheck.Rise, "success", "successes", "healthy"), .. Rise(facts)];
            case HealthState.Unhealthy:
                return [$"it is not checked{(facts.Backend.Intent is BackendIntent.Maint ? " while in maintenance" : "")}"];
            default:
                return Falls(facts);
        }
    }

    private static string Early(BackendFacts facts) => facts switch
    {
        { IsChecked: false } => "",
        { Record.AwaitsAnswer: true, Record.Traffic: { IsRepeated: true, TimeLeft: var left } } when left > TimeSpan.Zero =>
            $", or in {Phrases.Of(left)} at the earliest with a check that the program answers: FIN without a request",
        { Record.AwaitsAnswer: true } => " or with the first check that the program answers: FIN without a request",
        { Record.Traffic.IsForSilence: true, CheckKind: CheckKind.Tcp } =>
            "; a successful TCP check does not end it, because the system of a program that hangs accepts connections",
        _ => " or with the first successful check",
    };

    private static IEnumerable<string> Falls(BackendFacts facts)
    {
        if (facts.IsChecked)
            yield return Streak(facts, facts.Options.HealthCheck.Fall, "failed check", "failed checks", "unhealthy");
        PassiveHealthOptions passive = facts.Options.PassiveHealth;
        if (passive.Fall > 0)
        {
            yield return $"{Phrases.Count(passive.Fall, "failed connection")} in a row {(passive.Fall == 1 ? "ejects" : "eject")} it "
                + $"for {Phrases.Of(passive.EjectionTime)} or longer";
        }

        TimeSpan firstByte = facts.Options.Forwarding.FirstByteTimeoutFor(facts.Backend.Options);
        if (passive.Fall > 0 && firstByte > TimeSpan.Zero)
        {
            int left = Math.Max(1, passive.Fall - facts.Record.Traffic.Silences);
            yield return $"{Phrases.Count(left, "connection")} in a row without an answer in {Phrases.Of(firstByte)} "
                + $"{(left == 1 ? "ejects" : "eject")} it likewise";
        }

        if (facts.Backend.IsHeld)
            yield return "new connections prefer other backends until it answers one of those that wait for its first byte";
    }

    private static IEnumerable<string> OfLimits(BackendFacts facts)
    {
        if (facts.IsInReserve)
            yield return "it is a backup: it gets connections while no other backend is available";
        else if (facts.Backend.IsFull)
            yield return $"{StateReason.OfFull(facts.Backend)}; it gets the next one when one of them ends";
    }

    private static IEnumerable<string> Rise(BackendFacts facts) =>
        facts.Options.SlowStartTime > TimeSpan.Zero ? [$"slow start {Phrases.Of(facts.Options.SlowStartTime)} then"] : [];

    // What has been seen of the streak so far is taken off.
    private static string Streak(BackendFacts facts, int needed, string one, string several, string state)
    {
        int seen = facts.Record.Checks.Streak;
        int left = Math.Max(1, needed - seen);
        string more = seen > 0 ? " more" : "";
        return left == 1 ? $"1{more} {one} makes it {state}" : $"{left}{more} {several} in a row make it {state}";
    }
}
