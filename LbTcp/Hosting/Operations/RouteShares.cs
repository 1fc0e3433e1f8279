using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>How new connections are meant to be shared in each group of backends of a service.</summary>
internal sealed class RouteShares
{
    private readonly Dictionary<string, PickShares> _named = [];
    private readonly PickShares _default;

    /// <summary>Computes the shares as of now.</summary>
    public RouteShares(BackendRoutes routes, Algorithm algorithm)
    {
        _default = new PickShares(routes.Default.Balancer.Current, algorithm);
        foreach (BackendRoute route in routes.Table.Named)
        {
            var shares = new PickShares(route.Balancer.Current, algorithm, route.Names);
            foreach (string name in route.Names)
                _named[name] = shares;
        }
    }

    /// <summary>The backends that a new connection may go to, if they have a free slot.</summary>
    public IEnumerable<Backend> Backends => _default.Backends.Concat(_named.Values.SelectMany(shares => shares.Backends)).Distinct();

    /// <summary>
    /// Returns the shares in the group of <paramref name="backend"/>; in that of its first server name if it is in several.
    /// </summary>
    public PickShares Of(Backend backend) =>
        backend.Options.ServerNames is { } names && _named.TryGetValue(names.All[0], out PickShares? shares) ? shares : _default;
}
