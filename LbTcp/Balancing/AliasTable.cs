namespace LbTcp.Balancing;

/// <summary>
/// Draws from a weighted set in constant time: the alias method (Walker 1977) as built by Vose, "A linear algorithm for generating random
/// numbers with a given distribution", IEEE Transactions on Software Engineering 17(9), 1991. All columns are of equal height; each holds
/// one entry up to a threshold and an alias above it.
/// </summary>
internal sealed class AliasTable
{
    private readonly ulong[] _threshold; // of 2^32
    private readonly int[] _alias;

    /// <summary>Builds the table of at least one weight; all weights are above 0.</summary>
    public AliasTable(int[] weights)
    {
        int count = weights.Length;
        long total = weights.Sum(weight => (long)weight); // the height of a column; that of an entry is weight x count
        long[] rest = Array.ConvertAll(weights, weight => (long)weight * count);
        _threshold = new ulong[count];
        _alias = new int[count];
        var small = new Stack<int>(count);
        var large = new Stack<int>(count);
        for (int i = 0; i < count; i++)
            (rest[i] < total ? small : large).Push(i);
        while (small.TryPop(out int low))
        {
            int high = large.Peek(); // not empty: the rests add up to the capacity of the open columns
            _threshold[low] = (ulong)((double)rest[low] / total * (1UL << 32));
            _alias[low] = high;
            rest[high] -= total - rest[low];
            if (rest[high] < total)
                small.Push(large.Pop());
        }

        foreach (int full in large)
            _threshold[full] = 1UL << 32;
    }

    /// <summary>Returns the index that <paramref name="random"/>, a uniformly distributed 64-bit number, maps to.</summary>
    public int Draw(ulong random)
    {
        int column = (int)(((random >> 32) * (ulong)_alias.Length) >> 32);
        return (uint)random < _threshold[column] ? column : _alias[column];
    }
}
