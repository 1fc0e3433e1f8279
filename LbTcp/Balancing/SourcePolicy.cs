using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Picks the same backend for the same client address: consistent hashing with a <see cref="MaglevTable"/>. All instances with the same
/// backends map a client to the same one, regardless of the order of their lists. The table contains all members, including unhealthy ones,
/// and is rebuilt only when members or weights change; when a backend becomes unhealthy, only its own clients move, at little cost.
/// </summary>
internal sealed class SourcePolicy : IBalancingPolicy
{
    private MaglevTable? _table;

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members)
    {
        MaglevMembers known = _table?.Members.Are(members) is true ? _table.Members : new MaglevMembers(members);
        int[] weights = ReducedWeights.Of(known.Ordered(members.Weights));
        if (_table?.Members != known || !weights.AsSpan().SequenceEqual(_table.Weights))
            _table = new MaglevTable(known, weights);
        return new SourcePlan(_table, known.Only(available));
    }
}
