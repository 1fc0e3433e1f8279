using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Everything that a pick needs, after one change. Immutable; the <see cref="Balancer"/> publishes a new snapshot after each change.
/// </summary>
/// <param name="Pool">The pool for which the plans were prepared: its members and the available ones.</param>
/// <param name="Plan">Picks among <see cref="PoolSnapshot.Available"/>.</param>
/// <param name="AnyPlan">Picks among <see cref="PoolSnapshot.AvailableOrAny"/>; the same plan while a backend is available.</param>
/// <param name="Fallback">Picks outside the tier in use.</param>
/// <param name="Weights">The effective weights of the available backends, in units of which a weight of 1 has that many.</param>
/// <param name="UnitsPerWeight">The number of those units; a backend in slow start has fewer.</param>
internal sealed record PickSnapshot(
    PoolSnapshot Pool,
    IBalancingPlan Plan,
    IBalancingPlan AnyPlan,
    FallbackPlan Fallback,
    WeightedBackends Weights,
    int UnitsPerWeight);
