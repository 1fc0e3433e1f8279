using LbTcp.Backends;
using LbTcp.Balancing;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Picks as a test says.</summary>
internal sealed class ScriptedPolicy(Func<IReadOnlyList<Backend>, PickRequest, Backend?> pick) : IBalancingPolicy
{
    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) => new Plan(request => pick(available, request));

    private sealed class Plan(Func<PickRequest, Backend?> pick) : IBalancingPlan
    {
        public Backend? Pick(in PickRequest request) => pick(request);

        public Backend? Peek(in PickRequest request) => pick(request);
    }
}
