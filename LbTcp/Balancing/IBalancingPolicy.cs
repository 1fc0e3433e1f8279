using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Decides which backend the next connection goes to, in two steps: what can be computed when the pool changes is computed then.
/// The interface stands here, not with the algorithms, because the pool publishes the plans.
/// </summary>
internal interface IBalancingPolicy
{
    /// <summary>Prepares picks from <paramref name="candidates"/>. Called by one thread at a time; the plan before is asked no more.</summary>
    /// <param name="candidates">The backends that may be picked, all with a <see cref="Backend.EffectiveWeight"/> above 0; at least one.</param>
    /// <param name="members">Those that were candidates if all were healthy; the candidates are among them, in the same order.</param>
    IBalancingPlan Prepare(IReadOnlyList<Backend> candidates, IReadOnlyList<Backend> members);
}
