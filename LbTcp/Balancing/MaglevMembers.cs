using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// The backends that a <see cref="MaglevTable"/> is made for, in an order that is the same everywhere, and the order in which each of them
/// prefers the entries: an offset, then always one skip further. All of it follows from host and port alone.
/// </summary>
internal sealed class MaglevMembers
{
    private readonly Backend[] _given;
    private readonly int[] _positions; // of those given, in the order below

    /// <summary>For at least one backend, in any order.</summary>
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

    /// <summary>The entry that each of them prefers to all others.</summary>
    public int[] Offsets { get; }

    /// <summary>
    /// The distance to the next preferred entry; 1 to the table's size less 1, so that with a prime size all come in turn.
    /// </summary>
    public int[] Skips { get; }

    /// <summary>Whether these are the members, in the order in which they were given.</summary>
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

    /// <summary>The weights of <see cref="Backends"/>, from those of the members in the order in which they were given.</summary>
    public int[] Ordered(ReadOnlySpan<int> weights)
    {
        int[] ordered = new int[weights.Length];
        for (int i = 0; i < weights.Length; i++)
            ordered[_positions[i]] = weights[i];
        return ordered;
    }

    /// <summary>
    /// <see cref="Backends"/> with null instead of those that are not among <paramref name="chosen"/>, which have the order of the members.
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
