using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Picks the first backend, in the order of the pool, with a free slot: each is filled up to its <c>max_connections</c> before the next one
/// gets any connection. Weights are ignored. Equivalent to <c>first</c> of HAProxy, which serves pools whose last backends can be switched
/// off while they are not needed.
/// </summary>
internal sealed class FirstPolicy : IBalancingPolicy
{
    private RankedPlan? _plan;

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) =>
        _plan = new RankedPlan(available, (_, _) => 0, takesTurns: false, _plan);

    public void End() => _plan?.Detach();
}
