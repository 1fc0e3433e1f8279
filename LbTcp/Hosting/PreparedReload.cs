using System.Net;
using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>
/// A plan with the addresses of its new names and the ports that it needs: all that can be known before anything is changed.
/// </summary>
internal sealed class PreparedReload
{
    private readonly IReadOnlyList<LoadBalancer> _changed;
    private readonly Dictionary<string, Resolution> _resolutions;

    private PreparedReload(
        HostPlan plan, IReadOnlyList<LoadBalancer> changed, Dictionary<string, Resolution> resolutions, PortExchange ports)
    {
        _changed = changed;
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
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StartException">
    /// A name to listen on cannot be resolved, the address of a backend is a listen address of this process, or a service would have no
    /// backend left until a name has an answer.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired; no name is held.</exception>
    public static async Task<PreparedReload> PrepareAsync(
        HostPlan plan,
        IReadOnlyDictionary<string, LoadBalancer> running,
        ServiceEnvironment environment,
        CancellationToken cancellationToken)
    {
        ServicePlan[] named =
            [.. plan.Services.Where(service => service is { Running: not null, Next: not null, Backends.Added.Count: > 0 })];
        LoadBalancer[] changed = [.. named.Select(service => running[service.Name])];
        Resolution[] resolved;
        try
        {
            using CancellationTokenSource timeout = Resolution.NewLimit(environment.TimeProvider);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            Task prepared = Task.WhenAll(named.Select(service => running[service.Name].PrepareAsync(service.Next!.Backends, limit.Token)));
            Task<Resolution[]> others = LookUpOthersAsync(plan, environment, cancellationToken);
            await Task.WhenAll(prepared, others);
            resolved = await others;
        }
        catch
        {
            Abandon(changed);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }

        var resolutions = resolved.ToDictionary(resolution => resolution.Service.Name);
        Dictionary<string, IReadOnlyList<EndPoint>> addresses = plan.Services.Where(HasOtherPorts).ToDictionary(
            service => service.Name, service => service.Next is null ? [] : resolutions[service.Name].Listen);
        var reload = new PreparedReload(plan, changed, resolutions, new PortExchange(running, addresses));
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            RefuseUnresolved(plan, running);
            EndPoint[] listen = [.. reload.Staying(running), .. reload.Ports.Opened, .. environment.Discovery.Own.Lasting];
            Resolution.RefuseForeignSources(plan.Services.Select(service => service.Next).OfType<ServiceOptions>());
            Resolution.RefuseLoops(listen, plan.Services.SelectMany(service => service.Next?.Backends ?? []));
            return reload;
        }
        catch
        {
            reload.Abandon();
            throw;
        }
    }

    /// <summary>Returns the discovery of a service that is added; null if it needs none.</summary>
    public BackendDiscovery? DiscoveryOf(string service) => _resolutions.GetValueOrDefault(service)?.Discovery;

    /// <summary>The addresses that remain open.</summary>
    public IEnumerable<EndPoint> Staying(IReadOnlyDictionary<string, LoadBalancer> running) => running.Values
        .SelectMany(service => service.Ports)
        .Except(Ports.Closed.Select(closed => closed.Port))
        .Select(port => port.LocalEndPoint);

    /// <summary>Gives the names back that only this reload needs.</summary>
    public void Abandon()
    {
        Abandon(_changed);
        foreach (Resolution resolution in _resolutions.Values)
            resolution.Discovery.Dispose();
    }

    private static void Abandon(IEnumerable<LoadBalancer> services)
    {
        foreach (LoadBalancer service in services)
            service.Abandon();
    }

    private static Task<Resolution[]> LookUpOthersAsync(
        HostPlan plan, ServiceEnvironment environment, CancellationToken cancellationToken) => Resolution.LookUpAllAsync(
            plan.Services
                .Where(service => service.Next is not null && HasOtherPorts(service))
                .Select(service => service.Running is null ? service.Next! : service.Next! with { Backends = [] }),
            environment.Discovery,
            cancellationToken);

    // A name that does not exist is a mistake more often than not; a service without any backend would refuse every client.
    private static void RefuseUnresolved(HostPlan plan, IReadOnlyDictionary<string, LoadBalancer> running)
    {
        foreach (ServicePlan service in plan.Services.Where(HasOtherBackends))
        {
            IReadOnlyList<string> names = running[service.Name].NamesThatLeaveNone(service.Next!.Backends);
            if (names.Count == 0)
                continue;
            throw new StartException(
                $"The {(names.Count == 1 ? "name" : "names")} {string.Join(", ", names)} {(names.Count == 1 ? "has" : "have")} no answer; "
                + $"the service {service.Name} would have no backend left.",
                isConfigurationError: true);
        }
    }

    private static bool HasOtherBackends(ServicePlan service) =>
        service is { Running: not null, Next: not null } && service.Backends.Added.Count + service.Backends.Removed.Count > 0;

    private static bool HasOtherPorts(ServicePlan service) => service.Opened.Count + service.Closed.Count > 0;
}
