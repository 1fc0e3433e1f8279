using System.Numerics;

namespace LbTcp.Balancing;

/// <summary>
/// Maglev's lookup table (Eisenbud and others, "Maglev: a fast and reliable software network load balancer", NSDI 2016, section 3.4): each
/// backend has a preference order over all entries, derived from its address. The backends take turns, and in its turn a backend takes its
/// most preferred free entries, as many as its weight allows. The table therefore depends on neither the order of the pool nor its history,
/// and when a backend is removed, few entries other than its own change.
/// </summary>
internal sealed class MaglevTable
{
    /// <summary>
    /// The number of entries: a prime, so that every skip visits all of them; the size of the paper's small table and of Envoy's. Shares
    /// are exact to one entry, which is within 1 % for up to 655 backends of equal weight. A backend whose share is less than one entry may
    /// have none.
    /// </summary>
    public const int Size = 65_537;

    private readonly int[] _entries = new int[Size];

    /// <summary>Fills a table.</summary>
    /// <param name="members">The backends.</param>
    /// <param name="weights">Their weights, in the same order, above 0, with no common divisor.</param>
    public MaglevTable(MaglevMembers members, int[] weights)
    {
        Members = members;
        Weights = weights;
        Fill();
    }

    /// <summary>The backends.</summary>
    public MaglevMembers Members { get; }

    /// <summary>Their weights.</summary>
    public int[] Weights { get; }

    /// <summary>Returns the index of the member that a 64-bit hash maps to.</summary>
    public int Find(ulong hash) => _entries[hash % Size];

    private void Fill()
    {
        // The price of an entry: about the average weight, so that a turn gives each backend one or two entries and few turns fill the
        // table. A power of two does not change when one of many backends is removed.
        long total = Weights.Sum(weight => (long)weight);
        long price = (long)BitOperations.RoundUpToPowerOf2((ulong)((total + Weights.Length - 1) / Weights.Length));
        int[] next = [.. Members.Offsets];
        int[] skips = Members.Skips;
        long[] credit = new long[next.Length];
        var taken = new ulong[(Size / 64) + 1]; // a bitmap, which fits in the first-level cache
        for (int filled = 0; ;)
        {
            for (int i = 0; i < next.Length; i++)
            {
                for (credit[i] += Weights[i]; credit[i] >= price; credit[i] -= price)
                {
                    _entries[Take(taken, ref next[i], skips[i])] = i;
                    if (++filled == Size)
                        return;
                }
            }
        }
    }

    private static int Take(ulong[] taken, ref int next, int skip)
    {
        int entry = next;
        while ((taken[entry >> 6] & (1UL << (entry & 63))) != 0)
            entry = Following(entry, skip);
        taken[entry >> 6] |= 1UL << (entry & 63);
        next = Following(entry, skip);
        return entry;
    }

    private static int Following(int entry, int skip)
    {
        entry += skip;
        return entry < Size ? entry : entry - Size;
    }
}
