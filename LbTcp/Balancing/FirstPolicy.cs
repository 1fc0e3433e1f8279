using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// The first backend, in the order of the pool, that has room: each is filled up to its <c>max_connections</c> before the next one gets
/// any. Weights do not matter. As <c>first</c> of HAProxy, made for pools whose last backends can then be switched off.
/// </summary>
internal sealed class FirstPolicy : IBalancingPolicy
{
    private RankedPlan? _plan;

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) =>
        _plan = new RankedPlan(available, (_, _) => 0, takesTurns: false, _plan);
}
