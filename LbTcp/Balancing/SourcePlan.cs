using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Picks by the client's address. If that backend is unhealthy, full or was tried before, the hash is hashed again, as <c>mh-fallback</c>
/// of Linux's IPVS does (<c>net/netfilter/ipvs/ip_vs_mh.c</c>), which spreads the clients of one backend over the others by weight.
/// </summary>
internal sealed class SourcePlan : IBalancingPlan
{
    // With one member in fifty available, one client in two hundred finds none in this number of tries; it gets one regardless of weights.
    private const int MostTries = 256;

    private readonly MaglevTable _table;
    private readonly Backend?[] _members;
    private readonly Backend[] _available;

    /// <summary>Prepares picks.</summary>
    /// <param name="table">The table.</param>
    /// <param name="members">Its members, with null in place of those that are not available.</param>
    public SourcePlan(MaglevTable table, Backend?[] members)
    {
        _table = table;
        _members = members;
        _available = [.. members.OfType<Backend>()];
    }

    public Backend? Pick(in PickRequest request)
    {
        ulong hash = StableHash.Of(request.Client);
        for (int tries = 0; tries < MostTries; tries++)
        {
            if (_members[_table.Find(hash)] is { } backend && request.Allows(backend))
                return backend;
            hash = SplitMix.Mix(hash);
        }

        return request.FirstAllowed(_available, (int)(hash % (ulong)_available.Length));
    }

    public Backend? Peek(in PickRequest request) => Pick(in request);
}
