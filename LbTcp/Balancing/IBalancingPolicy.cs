using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Decides which backend the next connection goes to, in two steps: what can be computed when the pool changes is computed then.
/// </summary>
internal interface IBalancingPolicy
{
    /// <summary>
    /// Prepares picks from <paramref name="available"/>. Called by one thread at a time; picks from the plan before may still be under way.
    /// </summary>
    /// <param name="available">The backends that may be picked, with their effective weights; at least one.</param>
    /// <param name="members">
    /// Those that would be available if all were healthy; the available ones are among them, in the same order. The same object when all
    /// are.
    /// </param>
    IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members);
}
