using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// The same backend for the same client address: consistent hashing by a <see cref="MaglevTable"/>. All instances with the same backends
/// map a client alike, in whatever order they list them. The table has all members, unhealthy ones included, and is filled anew only when
/// members or weights change; so a backend that becomes unhealthy moves its own clients only, and costs little.
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
