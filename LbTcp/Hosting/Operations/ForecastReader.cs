using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>Reads where a new connection of a client would go now. No pick takes its turn from another one.</summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class ForecastReader(TimeProvider timeProvider)
{
    private const string NoDefault = "every backend has server names: a client that asks for none of them is reset";

    /// <summary>Returns the forecasts for one service: one for clients without a server name, and one for each group of names.</summary>
    public IEnumerable<PickForecast> Read(ServiceParts parts, IPAddress client)
    {
        var access = AccessStatus.Of(parts.Name, parts.Access.Decide(client));
        if (!access.Admitted)
        {
            yield return new PickForecast(parts.Name, null, [$"the client {access.Decision}"], access, []);
            yield break;
        }

        BackendRouteTable routes = parts.Routes.Table;
        if (routes.Fallback is null)
            yield return new PickForecast(parts.Name, null, [NoDefault], access, []);
        foreach (BackendRoute route in routes.All)
            yield return Read(parts, route, access, client);
    }

    private PickForecast Read(ServiceParts parts, BackendRoute route, AccessStatus access, IPAddress client)
    {
        ServiceOptions options = parts.Options.All.Value;
        PickSnapshot picks = route.Balancer.Current;
        IBalancingPlan plan = options.Forwarding.WhenAllDown is WhenAllDown.TryAny ? picks.AnyPlan : picks.Plan;
        Backend? picked = plan.Peek(new PickRequest(client));
        var shares = new PickShares(picks, options.Algorithm, route.Names);
        var reader = new BackendReader(parts, timeProvider);
        return new PickForecast(
            parts.Name,
            picked?.Name,
            [
                .. access.Rule is null ? Array.Empty<string>() : [$"the client {access.Decision}"],
                .. ForecastReasons.Of(picked, client, [.. picks.Pool.All.Select(backend => reader.FactsOf(backend, shares))], options),
            ],
            access,
            shares.ReadAll())
        {
            ServerNames = route.Names,
        };
    }
}
