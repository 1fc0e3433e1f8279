using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// A backend's order of preference over the entries of a <see cref="MaglevTable"/>: an offset, then always one skip further. It follows from the
/// backend's host and port alone, and is kept because it never changes.
/// </summary>
/// <param name="hash">The hash of host and port.</param>
internal sealed class MaglevPreference(ulong hash)
{
    /// <summary>Orders backends in the same way everywhere.</summary>
    public ulong Hash => hash;

    /// <summary>The entry that it likes best.</summary>
    public int Offset { get; } = (int)((uint)hash % MaglevTable.Size);

    /// <summary>How far it is to the next one; 1 to the table's size less 1, so that with a prime size all come in turn.</summary>
    public int Skip { get; } = (int)((hash >> 32) % (MaglevTable.Size - 1)) + 1;

    /// <summary>The preference of a backend.</summary>
    public static MaglevPreference Of(Backend backend) => new(StableHash.Of(backend.Address.HostAndPort));
}
