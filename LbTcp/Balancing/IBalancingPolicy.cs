using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Decides which backend the next connection goes to, in two steps: what depends on the pool alone is computed once, when the pool changes.
/// </summary>
internal interface IBalancingPolicy
{
    /// <summary>
    /// Prepares a plan for <paramref name="available"/>. Called by one thread at a time; picks from the previous plan may still be running.
    /// </summary>
    /// <param name="available">The backends that may be picked, with their effective weights; at least one.</param>
    /// <param name="members">
    /// The backends that would be available if all were healthy, including the available ones, in the same order; the same object if all
    /// are available.
    /// </param>
    IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members);

    /// <summary>
    /// Called after another policy has taken over: the backends no longer notify the last plan, whose picks may still be running.
    /// </summary>
    void End()
    {
    }
}
