using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// The same backend for the same client address: consistent hashing by a <see cref="MaglevTable"/>. All instances with the same backends map a
/// client alike, in whatever order they list them. The table has all members of the pool, also those that are down, and is filled anew only
/// when members or weights change; so a backend that goes down moves its own clients and nobody else's, and costs little.
/// </summary>
internal sealed class SourcePolicy : IBalancingPolicy
{
    private MaglevTable? _table;

    public IBalancingPlan Prepare(IReadOnlyList<Backend> candidates, IReadOnlyList<Backend> members)
    {
        MaglevMembers known = _table?.Members.Are(members) is true ? _table.Members : new MaglevMembers(members);
        int[] weights = ReducedShares.Of(known.Backends);
        if (_table?.Members != known || !weights.AsSpan().SequenceEqual(_table.Weights))
            _table = new MaglevTable(known, weights);
        return new SourcePlan(_table, known.Only(candidates));
    }
}
