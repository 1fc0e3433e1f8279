using LbTcp.Admin.Metrics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Api;

/// <summary>All routes of the admin endpoint.</summary>
internal static class AdminRoutes
{
    /// <summary>The root of the API.</summary>
    public const string Root = "/api/v1/";

    /// <summary>Creates the routes.</summary>
    /// <param name="view">Shows the process.</param>
    /// <param name="control">Changes the process.</param>
    /// <param name="metrics">Answers requests for the metrics.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="stopping">Fires when the streams have to end.</param>
    public static IReadOnlyList<Route> Create(
        IHostView view, IHostControl control, PrometheusScrape metrics, TimeProvider timeProvider, CancellationToken stopping)
    {
        var streams = new StreamLimit(AdminOptions.MaxStreams);
        var names = new KnownNames(view);
        return
        [
            .. new StateRoutes(view, names, streams, timeProvider, stopping).All,
            .. new ConnectionRoutes(view, names).All,
            .. new EventRoutes(view.Events, streams, timeProvider, stopping).All,
            .. new ChangeRoutes(control, names).All,
            .. new AliveRoutes(view, names).All,
            .. DescriptionRoutes.All,
            .. PageRoutes.All,
            new("GET", "/metrics", request => metrics.HandleAsync(request.Context)),
        ];
    }
}
