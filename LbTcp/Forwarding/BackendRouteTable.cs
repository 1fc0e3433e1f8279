using LbTcp.Backends;
using LbTcp.Preface;

namespace LbTcp.Forwarding;

/// <summary>The routes of a service as of one change. Immutable.</summary>
/// <param name="named">The routes of groups with server names.</param>
/// <param name="fallback">The route of the other clients; null if there is no backend for them.</param>
internal sealed class BackendRouteTable(IReadOnlyList<BackendRoute> named, BackendRoute? fallback)
{
    private readonly ServerNameTable<BackendRoute> _names =
        new(named.SelectMany(route => route.Names, (route, name) => KeyValuePair.Create(name, route)));

    /// <summary>The routes of groups with server names; none while no backend has any.</summary>
    public IReadOnlyList<BackendRoute> Named => named;

    /// <summary>The route of clients without a server name, and of those whose name has no other; null if there is none.</summary>
    public BackendRoute? Fallback => fallback;

    /// <summary>All routes.</summary>
    public IEnumerable<BackendRoute> All => fallback is null ? named : named.Prepend(fallback);

    /// <summary>Returns the route of a server name; null if there is none.</summary>
    /// <param name="serverName">The name in lower case, without a final dot; null for a client without one.</param>
    public BackendRoute? Find(string? serverName) => (serverName is null ? null : _names.Find(serverName)) ?? fallback;

    /// <summary>Whether there is a route for each of <paramref name="groups"/> and for nothing else.</summary>
    public bool Matches(IReadOnlyList<BackendGroup> groups) =>
        All.Select(static route => route.Key).SequenceEqual(groups.Select(static group => group.Key));
}
