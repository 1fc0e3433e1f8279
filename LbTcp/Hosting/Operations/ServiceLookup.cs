using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Hosting.Operations;

/// <summary>Finds services and backends by the names that an operator gives.</summary>
/// <param name="running">The services that run.</param>
internal sealed class ServiceLookup(RunningConfiguration running)
{
    /// <summary>The services in the order of the configuration.</summary>
    public IEnumerable<ServiceParts> All => PartsOf(running.Services);

    /// <summary>All services that may have connections: also those that a reload has removed, while they drain.</summary>
    public IEnumerable<ServiceParts> WithConnections => PartsOf(running.Services.Union(running.Leaving));

    /// <summary>Returns the ports that a service accepts from.</summary>
    public IReadOnlyList<ServicePort> PortsOf(ServiceParts parts) =>
        running.Services.FirstOrDefault(service => service.Parts == parts)?.Ports ?? [];

    /// <summary>Finds a service by its name; null if there is none.</summary>
    public ServiceParts? Find(string service) => All.FirstOrDefault(parts => parts.Name == service);

    /// <summary>
    /// Finds a backend of a service by its name, by its address or URL, or by an address that its host name has and no other backend of the
    /// service; null if there is none.
    /// </summary>
    public static Backend? Find(ServiceParts service, string backend)
    {
        IReadOnlyList<Backend> all = service.Pool.GetAllBackends();
        string address = BackendAddress.IdentityOf(backend);
        return all.FirstOrDefault(each => each.Name == backend)
            ?? all.FirstOrDefault(each => each.Address.HostAndPort == address)
            ?? (all.Where(each => each.EndPoints.Any(endPoint => $"{endPoint}" == address)).Take(2).ToArray() is [var one] ? one : null);
    }

    private static IEnumerable<ServiceParts> PartsOf(IEnumerable<LoadBalancer> services) =>
        services.Select(service => service.Parts).OfType<ServiceParts>();
}
