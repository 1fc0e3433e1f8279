namespace LbTcp.Configuration;

/// <summary>What the addresses of a name are.</summary>
internal enum ResolveKind
{
    /// <summary>Each address is a backend of its own.</summary>
    All,

    /// <summary>All addresses are one backend, which is dialled at whichever of them answers.</summary>
    First,
}
