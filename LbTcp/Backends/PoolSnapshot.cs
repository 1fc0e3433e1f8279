using LbTcp.Balancing;

namespace LbTcp.Backends;

/// <summary>Everything about a pool that a pick needs, as it was after one change. Never changes; the pool publishes a new one instead.</summary>
internal sealed class PoolSnapshot
{
    /// <summary>For backends whose health and shares are settled.</summary>
    /// <param name="all">Every backend, in the order given; never written to again.</param>
    /// <param name="policy">Prepares the plans; null for plans that pick nobody.</param>
    public PoolSnapshot(Backend[] all, IBalancingPolicy? policy)
    {
        All = Array.AsReadOnly(all);
        Backend[] healthy = Array.FindAll(all, backend => backend.IsHealthy);
        Healthy = Array.AsReadOnly(healthy);
        bool isOnBackups = !Array.Exists(healthy, backend => backend.EffectiveWeight > 0 && !backend.Options.IsBackup);
        Backend[] members = Array.FindAll(all, backend => backend.EffectiveWeight > 0 && backend.Options.IsBackup == isOnBackups);
        Backend[] candidates = Array.FindAll(members, backend => backend.IsHealthy);
        Candidates = Array.AsReadOnly(candidates);
        Plan = Prepare(policy, candidates, members);
        AnyPlan = candidates.Length > 0 ? Plan : PrepareAny(policy, Array.FindAll(all, backend => backend.EffectiveWeight > 0));
    }

    /// <summary>Every backend, in the order given.</summary>
    public IReadOnlyList<Backend> All { get; }

    /// <summary>Those that are healthy.</summary>
    public IReadOnlyList<Backend> Healthy { get; }

    /// <summary>Those a new connection may go to: healthy ones with a weight above 0; backups only when there is no other.</summary>
    public IReadOnlyList<Backend> Candidates { get; }

    /// <summary>Picks among the candidates.</summary>
    public IBalancingPlan Plan { get; }

    /// <summary>The same while there are candidates; otherwise picks among all backends with a weight above 0, whatever the checks say.</summary>
    public IBalancingPlan AnyPlan { get; }

    private static IBalancingPlan PrepareAny(IBalancingPolicy? policy, Backend[] members) => Prepare(policy, members, members);

    private static IBalancingPlan Prepare(IBalancingPolicy? policy, Backend[] candidates, Backend[] members) =>
        policy is null || candidates.Length == 0 ? EmptyPlan.Instance : policy.Prepare(candidates, members);
}
