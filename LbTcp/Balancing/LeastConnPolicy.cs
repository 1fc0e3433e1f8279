using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Picks the backend with the fewest connections relative to its weight; among equals, the least recently picked one. Only busy connections
/// count: a connection that the backend has closed does not. Equivalent to <c>least_conn</c> of nginx and <c>leastconn</c> of HAProxy.
/// </summary>
internal sealed class LeastConnPolicy : IBalancingPolicy
{
    private RankedPlan? _plan;

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) =>
        _plan = new RankedPlan(available, (backend, weight) => backend.BusyConnections / (double)weight, takesTurns: true, _plan);

    public void End() => _plan?.Detach();
}
