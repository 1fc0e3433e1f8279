using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Hosting;

/// <summary>A plan with the addresses of its new names and the ports that it needs: all that can be known before anything is changed.</summary>
internal sealed class PreparedReload
{
    private readonly Dictionary<string, Resolution> _resolutions;

    private PreparedReload(HostPlan plan, Dictionary<string, Resolution> resolutions, PortExchange ports)
    {
        Plan = plan;
        Ports = ports;
        _resolutions = resolutions;
    }

    /// <summary>The plan.</summary>
    public HostPlan Plan { get; }

    /// <summary>The ports that are opened, handed over and closed.</summary>
    public PortExchange Ports { get; }

    /// <summary>The services that are added.</summary>
    public IEnumerable<Resolution> Added => Plan.Services
        .Where(service => service.Kind is ServiceChangeKind.Added)
        .Select(service => _resolutions[service.Name]);

    /// <summary>
    /// Resolves only what is new, since an unchanged name must not delay or refuse a reload, and compares all addresses.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="running">The services that run, by name.</param>
    /// <param name="environment">The resolver and the clock.</param>
    /// <exception cref="StartException">
    /// A name to listen on cannot be resolved, or the address of a backend is a listen address of this process.
    /// </exception>
    public static async Task<PreparedReload> PrepareAsync(
        HostPlan plan, IReadOnlyDictionary<string, LoadBalancer> running, ServiceEnvironment environment)
    {
        IEnumerable<ServiceOptions> news = plan.Services
            .Where(service => service.Next is not null && (HasOtherPorts(service) || service.Backends.Added.Count > 0))
            .Select(service => service.Next! with
            {
                Listen = HasOtherPorts(service) ? service.Next.Listen : [],
                Backends = [.. service.Backends.Added.Select(backend => backend.Options)],
            });
        Resolution[] resolved = await Resolution.ResolveAllAsync(news, environment.Resolver, environment.TimeProvider);
        var resolutions = resolved.ToDictionary(resolution => resolution.Service.Name);
        Dictionary<string, IReadOnlyList<IPEndPoint>> addresses = plan.Services.Where(HasOtherPorts).ToDictionary(
            service => service.Name, service => service.Next is null ? [] : resolutions[service.Name].Listen);
        var reload = new PreparedReload(plan, resolutions, new PortExchange(running, addresses));
        reload.RefuseLoops(running);
        return reload;
    }

    /// <summary>Returns the pool of a service that is added; null if it needs none.</summary>
    public BackendPool? PoolOf(string service) => _resolutions.GetValueOrDefault(service)?.Pool;

    // New addresses are compared with all backends, and new backends with all addresses.
    private void RefuseLoops(IReadOnlyDictionary<string, LoadBalancer> running)
    {
        IEnumerable<EndPoint> staying = running.Values.SelectMany(service => service.Ports)
            .Except(Ports.Closed.Select(closed => closed.Port))
            .Select(port => port.LocalEndPoint);
        IEnumerable<Backend> backends = _resolutions.Values.SelectMany(resolution => resolution.Pool.GetAllBackends());
        foreach (ServicePlan service in Plan.Services.Where(service => service is { Running: not null, Next: not null }))
        {
            HashSet<string> removed = [.. service.Backends.Removed.Select(backend => backend.Address.HostAndPort)];
            backends = backends.Concat(
                running[service.Name].Backends.Where(backend => !removed.Contains(backend.Address.HostAndPort)));
        }

        Resolution.RefuseLoops([.. staying.Concat(Ports.Opened).OfType<IPEndPoint>()], backends);
    }

    private static bool HasOtherPorts(ServicePlan service) => service.Opened.Count + service.Closed.Count > 0;
}
