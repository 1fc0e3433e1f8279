using LbTcp.Backends;
using LbTcp.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting.Operations;

/// <summary>Sets the intent and the weight of backends for an operator. Safe to call from any thread.</summary>
/// <param name="services">The services that run.</param>
internal sealed class BackendControl(ServiceLookup services)
{
    private readonly Lock _gate = new(); // so that log and journal have the order of the changes

    /// <inheritdoc cref="IHostControl.SetIntent"/>
    public ChangeResult SetIntent(string service, string backend, BackendIntent intent, Requester requester) =>
        Change(service, backend, (parts, found) =>
        {
            BackendIntent was = found.Intent;
            if (!parts.Pool.SetIntent(found, intent))
                return new ChangeResult(ChangeStatus.Unchanged, $"{found.Name} is {WordOf(intent)} already.");
            parts.Journals.IntentSet(found, was, requester);
            new RequestLog(parts.Loggers.CreateLogger<RequestLog>()).IntentSet(found, was, requester);
            return new ChangeResult(ChangeStatus.Done, Describe(found));
        });

    /// <inheritdoc cref="IHostControl.SetWeight"/>
    public ChangeResult SetWeight(string service, string backend, int? weight, Requester requester)
    {
        if (weight is < 0 or > BackendSettings.MaxWeight)
        {
            return new ChangeResult(
                ChangeStatus.Refused, $"{weight} is not a weight: a whole number from 0 to {BackendSettings.MaxWeight}.");
        }

        return Change(service, backend, (parts, found) =>
        {
            int was = found.Weight;
            if (!parts.Pool.OverrideWeight(found, weight))
            {
                string already = weight is null ? "has its configured weight" : $"has the weight {weight}";
                return new ChangeResult(ChangeStatus.Unchanged, $"{found.Name} {already} already.");
            }

            parts.Journals.WeightSet(found, was, requester);
            new RequestLog(parts.Loggers.CreateLogger<RequestLog>()).WeightSet(found, was, requester);
            return new ChangeResult(ChangeStatus.Done, weight is null
                ? $"{found.Name} has its configured weight again, {found.Weight}; it was {was}."
                : $"{found.Name} has the weight {weight}; {found.Options.Weight} is configured.");
        });
    }

    private ChangeResult Change(string service, string backend, Func<ServiceParts, Backend, ChangeResult> change)
    {
        lock (_gate)
        {
            if (services.Find(service) is not { } parts)
                return NotFound($"There is no service {service}", services.All.Select(each => each.Name));
            if (ServiceLookup.Find(parts, backend) is not { } found)
                return NotFound($"The service {service} has no backend {backend}", parts.Pool.GetAllBackends().Select(each => each.Name));
            return change(parts, found);
        }
    }

    private static ChangeResult NotFound(string problem, IEnumerable<string> known) =>
        new(ChangeStatus.NotFound, $"{problem}; there {(known.Count() == 1 ? "is" : "are")} {string.Join(", ", known.Take(10))}.");

    private static string WordOf(BackendIntent intent) => intent switch
    {
        BackendIntent.Ready => "ready",
        BackendIntent.Drain => "draining",
        BackendIntent.Maint => "in maintenance",
        _ => throw new InvalidOperationException($"Unknown intent {intent}."),
    };

    private static string Describe(Backend backend)
    {
        int open = backend.OpenConnections;
        string rest = open switch
        {
            0 => "no connection is open",
            1 => "1 open connection stays until it ends",
            _ => $"{Phrases.Count(open, "open connection")} stay until they end",
        };
        return backend.Intent switch
        {
            BackendIntent.Ready => $"{backend.Name} is ready: it gets new connections while it is healthy.",
            BackendIntent.Maint => $"{backend.Name} is in maintenance: it gets no new connections and no checks; {rest}.",
            _ => $"{backend.Name} is draining: it gets no new connections; {rest}.",
        };
    }
}
