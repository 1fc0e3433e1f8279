using LbTcp.Configuration;

namespace LbTcp.Backends;

/// <summary>
/// The content of one change of a pool. Changes made by different threads may be reported in a different order than they were made: a
/// listener takes from a change only which backends to examine, and reads their state from the backends or from the pool's current
/// snapshot.
/// </summary>
internal sealed record PoolChange
{
    /// <summary>Backends that joined the pool, returning ones included.</summary>
    public IReadOnlyList<Backend> Added { get; init; } = [];

    /// <summary>Backends that left the pool.</summary>
    public IReadOnlyList<Backend> Removed { get; init; } = [];

    /// <summary>Backends that stayed in the pool with different options.</summary>
    public IReadOnlyList<OptionsChange> Changed { get; init; } = [];

    /// <summary>Backends that stayed in the pool with the same options; set only when a list of backends was applied.</summary>
    public IReadOnlyList<Backend> Unchanged { get; init; } = [];

    /// <summary>Backends whose health changed.</summary>
    public IReadOnlyList<Backend> Flipped { get; init; } = [];

    /// <summary>Whether the health was set by a call of the pool, rather than by checks or connections of clients.</summary>
    public bool IsMarked { get; init; }

    /// <summary>Backends whose intent changed.</summary>
    public IReadOnlyList<Backend> IntentChanged { get; init; } = [];

    /// <summary>Backends whose overriding weight changed.</summary>
    public IReadOnlyList<Backend> WeightChanged { get; init; } = [];

    /// <summary>Whether it follows from the answer of a name server rather than from a configuration.</summary>
    public bool IsDiscovered { get; init; }

    /// <summary>Backends whose overriding weight ended, because the configured one changed; added ones may be among them.</summary>
    public IReadOnlyList<Backend> OverrideEnded { get; init; } = [];

    /// <summary>Whether anything changed; false when a list of backends was applied that is the same as the one before.</summary>
    public bool IsPublished { get; init; } = true;

    /// <summary>Whether the options of a backend, its intent, or the membership changed; false when only health or weights did.</summary>
    public bool ConcernsChecks => Added.Count + Removed.Count + Changed.Count + IntentChanged.Count > 0;
}

/// <summary>The replacement of a backend's options.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Old">The options before the change.</param>
/// <param name="New">The options after the change.</param>
internal readonly record struct OptionsChange(Backend Backend, BackendOptions Old, BackendOptions New);
