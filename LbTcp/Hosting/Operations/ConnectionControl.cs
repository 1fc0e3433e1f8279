using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting.Operations;

/// <summary>Closes connections for an operator: single ones, and those of backends that have more than their share.</summary>
/// <param name="services">The services.</param>
internal sealed class ConnectionControl(ServiceLookup services)
{
    /// <summary>Ends a connection with a reset of both sides.</summary>
    public ChangeResult Close(long id, Requester requester)
    {
        foreach (ServiceParts parts in services.WithConnections)
        {
            if (parts.Connections.Find(id) is not { } connection)
                continue;
            if (connection.IsDecided)
                return new ChangeResult(ChangeStatus.Unchanged, $"The connection {id:x} is ending already.");
            LogOf(parts).CloseRequested(connection, requester);
            connection.End(ConnectionEndReason.AdminClosed);
            return new ChangeResult(ChangeStatus.Done, $"The connection {id:x} of {connection.Source} is closed.");
        }

        return new ChangeResult(ChangeStatus.NotFound, $"There is no connection {id:x}; it may have ended.");
    }

    /// <summary>Starts to move connections; a rebalance of the same service that is under way is replaced.</summary>
    public RebalanceReport Rebalance(RebalanceRequest request, Requester requester)
    {
        if (request is not { PerSecond: > 0 and < double.PositiveInfinity, Tolerance: >= 0 and < double.PositiveInfinity })
            return Refused("The rate must be above 0 and the tolerance at least 0.");
        if (request.Service is { } name && services.Find(name) is null)
            return new RebalanceReport(new ChangeResult(ChangeStatus.NotFound, $"There is no service {name}."), [], TimeSpan.Zero);
        ServiceParts[] concerned = [.. services.All.Where(parts => request.Service is null || parts.Name == request.Service)];
        ServiceParts[] reconnectable = [.. concerned.Where(parts => parts.Options.Forwarding.Value.Reconnectable)];
        if (reconnectable.Length == 0)
            return Refused(NotReconnectable(request.Service));
        List<RebalanceStep> steps = [];
        int longest = 0;
        foreach (ServiceParts parts in reconnectable)
        {
            IReadOnlyList<BackendSurplus> surpluses = parts.Rebalancer.Start(request.PerSecond, request.Tolerance) ?? [];
            steps.AddRange(surpluses.Select(surplus => StepOf(parts, surplus)));
            int planned = surpluses.Sum(surplus => surplus.Surplus);
            longest = Math.Max(longest, planned);
            if (planned > 0)
                LogOf(parts).RebalanceRequested(planned, request, requester);
        }

        return new RebalanceReport(ResultOf(steps, request), steps, TimeSpan.FromSeconds(longest / request.PerSecond));
    }

    private static ChangeResult ResultOf(List<RebalanceStep> steps, RebalanceRequest request) => steps.Count == 0
        ? new ChangeResult(ChangeStatus.Unchanged, "No backend has more than its share of connections.")
        : new ChangeResult(
            ChangeStatus.Done,
            $"Closing {Phrases.Count(steps.Sum(step => step.Surplus), "connection")}, at most {Phrases.Of(request.PerSecond)} per second.");

    private static RebalanceStep StepOf(ServiceParts parts, BackendSurplus surplus) =>
        new(parts.Name, surplus.Backend.Name, surplus.Open, surplus.Target, surplus.Surplus);

    private static RebalanceReport Refused(string reason) => new(new ChangeResult(ChangeStatus.Refused, reason), [], TimeSpan.Zero);

    private static string NotReconnectable(string? service) =>
        (service is null ? "No service is reconnectable" : $"The service {service} is not reconnectable")
        + ": set reconnectable=on for a service whose clients reconnect by themselves when their connection is reset.";

    private static RequestLog LogOf(ServiceParts parts) => new(parts.Loggers.CreateLogger<RequestLog>());
}
