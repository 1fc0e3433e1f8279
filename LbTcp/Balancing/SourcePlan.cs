using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Picks by the client's address; when that backend is full or was tried, by the entries that follow in the table.</summary>
/// <param name="backends">The backends.</param>
/// <param name="table">For every entry the index of a backend.</param>
internal sealed class SourcePlan(Backend[] backends, int[] table) : IBalancingPlan
{
    // Entries that follow one another are of any backends. After so many, those that may be picked are rare, and are searched one by one.
    private const int MostEntries = 64;

    public Backend? Pick(in PickRequest request)
    {
        int entry = (int)(StableHash.Of(request.Client) % (ulong)table.Length);
        for (int entries = 0; entries < MostEntries; entries++)
        {
            Backend backend = backends[table[entry]];
            if (request.Allows(backend))
                return backend;
            entry = entry + 1 < table.Length ? entry + 1 : 0;
        }

        return request.FirstAllowed(backends, table[entry]);
    }
}
