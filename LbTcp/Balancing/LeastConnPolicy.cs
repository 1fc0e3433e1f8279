using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// The backend with the fewest connections in relation to its weight; among equals, in turn, the one not picked for longest. What counts
/// are connections that a backend is busy with: one whose backend has closed no longer counts. As <c>least_conn</c> of nginx and
/// <c>leastconn</c> of HAProxy.
/// </summary>
internal sealed class LeastConnPolicy : IBalancingPolicy
{
    private RankedPlan? _plan;

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) =>
        _plan = new RankedPlan(available, (backend, weight) => backend.BusyConnections / (double)weight, takesTurns: true, _plan);
}
