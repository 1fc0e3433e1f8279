using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

namespace LbTcp.Hosting.Operations;

/// <summary>Reads where a new connection of a client would go now. No pick takes its turn from another one.</summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class ForecastReader(TimeProvider timeProvider)
{
    /// <summary>Returns the forecast for one service.</summary>
    public PickForecast Read(ServiceParts parts, IPAddress client)
    {
        var access = AccessStatus.Of(parts.Name, parts.Access.Decide(client));
        if (!access.Admitted)
            return new PickForecast(parts.Name, null, [$"the client {access.Decision}"], access, []);
        var reader = new BackendReader(parts, timeProvider);
        ServiceOptions options = parts.Options.All.Value;
        PickSnapshot picks = parts.Balancer.Current;
        IBalancingPlan plan = options.Forwarding.WhenAllDown is WhenAllDown.TryAny ? picks.AnyPlan : picks.Plan;
        Backend? picked = plan.Peek(new PickRequest(client));
        return new PickForecast(
            parts.Name,
            picked?.Name,
            [
                .. access.Rule is null ? Array.Empty<string>() : [$"the client {access.Decision}"],
                .. ForecastReasons.Of(picked, client, reader.ReadFacts(), options),
            ],
            access,
            reader.ReadShares());
    }
}
