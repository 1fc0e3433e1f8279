using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

namespace LbTcp.Hosting.Operations;

/// <summary>Says why a backend gets the share of new connections that it gets.</summary>
internal static class ShareReasons
{
    /// <summary>Returns the reasons, in clauses.</summary>
    public static IReadOnlyList<string> Of(BackendFacts facts) =>
        facts.Shares.Includes(facts.Backend)
            ? [.. OfNames(facts), .. OfAlgorithm(facts), .. OfWeight(facts), .. OfLimit(facts.Backend)]
            : [$"none: {StateReason.OfAbsence(facts)}"];

    private static IEnumerable<string> OfNames(BackendFacts facts)
    {
        if (facts.Backend.Options.ServerNames is not { } names)
            yield break;
        bool isInOneGroup = facts.Shares.ServerNames.Count == names.All.Count;
        yield return isInOneGroup ? $"serves {Phrases.List(names.All)}"
            : $"serves {Phrases.List(names.All)}: the share is that of connections for {Phrases.List(facts.Shares.ServerNames)}";
    }

    private static IEnumerable<string> OfAlgorithm(BackendFacts facts) => facts.Options.Algorithm switch
    {
        Algorithm.RoundRobin => [],
        Algorithm.LeastConn => ["leastconn: goes by open connections per weight"],
        Algorithm.Random => ["random: two backends are drawn by weight, and the one with fewer connections per weight is picked"],
        Algorithm.Source => ["source: the address of the client decides; the weight is the share of all addresses"],
        Algorithm.First => [OfOrder(facts)],
        Algorithm other => throw new InvalidOperationException($"Unknown algorithm {other}."),
    };

    private static string OfOrder(BackendFacts facts)
    {
        Backend? inUse = facts.Shares.Backends.FirstOrDefault(backend => !backend.IsFull);
        return inUse == facts.Backend ? "first: the first backend of the list with a free slot gets every connection"
            : inUse is null ? "first: all backends are full"
            : $"first: {inUse.Name} gets every connection until it is full";
    }

    private static IEnumerable<string> OfWeight(BackendFacts facts)
    {
        Backend backend = facts.Backend;
        if (facts.Options.Algorithm is Algorithm.First)
            yield break;
        yield return $"weight {Phrases.Of(facts.Shares.WeightOf(backend))} of {Phrases.Of(facts.Shares.TotalWeight)} in all: "
            + Phrases.Percent(facts.Shares.ShareOf(backend));
        if (backend.WeightOverride is { } weight)
            yield return $"weight {weight} was set by an operator, {backend.Options.Weight} is configured";
        if (facts.Shares.StepsOf(backend) is { } steps)
            yield return $"slow start: {steps} of {SlowStart.StepsPerWeight} steps";
        if (backend.Options.IsBackup)
            yield return "backup: used while no other backend is available";
    }

    private static IEnumerable<string> OfLimit(Backend backend) => backend.IsFull ? [StateReason.OfFull(backend)] : [];
}
