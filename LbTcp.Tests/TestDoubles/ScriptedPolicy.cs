using LbTcp.Backends;
using LbTcp.Balancing;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Picks as a test says.</summary>
internal sealed class ScriptedPolicy(Func<IReadOnlyList<Backend>, PickRequest, Backend?> pick) : IBalancingPolicy
{
    public IBalancingPlan Prepare(IReadOnlyList<Backend> candidates, IReadOnlyList<Backend> members) =>
        new Plan(request => pick(candidates, request));

    private sealed class Plan(Func<PickRequest, Backend?> pick) : IBalancingPlan
    {
        public Backend? Pick(in PickRequest request) => pick(request);
    }
}
