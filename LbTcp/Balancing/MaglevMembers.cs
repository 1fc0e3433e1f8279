using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// The backends of a <see cref="MaglevTable"/> in an order that is the same in every instance, and the preference order of each over the
/// entries: it begins at an offset and proceeds by a fixed skip. Everything is derived from host and port alone.
/// </summary>
internal sealed class MaglevMembers
{
    private readonly Backend[] _given;
    private readonly int[] _positions; // the position in Backends of each given backend

    /// <summary>Creates the members from at least one backend, in any order.</summary>
    public MaglevMembers(IReadOnlyList<Backend> members)
    {
        _given = [.. members];
        ulong[] hashes = Array.ConvertAll(_given, backend => StableHash.Of(backend.Address.HostAndPort));
        int[] order = [.. Enumerable.Range(0, _given.Length)];
        Array.Sort(hashes, order);
        _positions = new int[_given.Length];
        for (int position = 0; position < order.Length; position++)
            _positions[order[position]] = position;
        Backends = Array.ConvertAll(order, index => _given[index]);
        Offsets = Array.ConvertAll(hashes, hash => (int)((uint)hash % MaglevTable.Size));
        Skips = Array.ConvertAll(hashes, hash => (int)((hash >> 32) % (MaglevTable.Size - 1)) + 1);
    }

    /// <summary>The backends.</summary>
    public Backend[] Backends { get; }

    /// <summary>The most preferred entry of each backend.</summary>
    public int[] Offsets { get; }

    /// <summary>
    /// The distance of each backend from one preferred entry to the next: 1 to the table's size less 1, which visits all entries of a prime
    /// size.
    /// </summary>
    public int[] Skips { get; }

    /// <summary>Returns whether <paramref name="members"/> are the given backends, in the given order.</summary>
    public bool Are(IReadOnlyList<Backend> members)
    {
        if (members.Count != _given.Length)
            return false;
        for (int i = 0; i < _given.Length; i++)
        {
            if (members[i] != _given[i])
                return false;
        }

        return true;
    }

    /// <summary>Returns <paramref name="weights"/>, which have the given order, in the order of <see cref="Backends"/>.</summary>
    public int[] Ordered(ReadOnlySpan<int> weights)
    {
        int[] ordered = new int[weights.Length];
        for (int i = 0; i < weights.Length; i++)
            ordered[_positions[i]] = weights[i];
        return ordered;
    }

    /// <summary>
    /// Returns <see cref="Backends"/> with null in place of those that are not among <paramref name="chosen"/>, which have the given order.
    /// </summary>
    public Backend?[] Only(IReadOnlyList<Backend> chosen)
    {
        var backends = new Backend?[_given.Length];
        for (int i = 0, next = 0; next < chosen.Count; i++)
        {
            if (_given[i] == chosen[next])
                backends[_positions[i]] = chosen[next++];
        }

        return backends;
    }
}
