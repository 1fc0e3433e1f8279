using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>A service with the addresses of the names in its options.</summary>
/// <param name="Service">The options of the service.</param>
/// <param name="Listen">The addresses to listen on; <see cref="IPAddress.IPv6Any"/> is all interfaces, IPv4 and IPv6.</param>
/// <param name="Discovery">The backends, as far as their names have an answer; follows their names while the service runs.</param>
internal sealed record Resolution(ServiceOptions Service, IReadOnlyList<EndPoint> Listen, BackendDiscovery Discovery)
{
    /// <summary>
    /// The maximum time that the start waits for name servers, for all names together. A backend whose name has no answer by then is
    /// served as soon as it has one; a name to listen on is an error.
    /// </summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    /// <summary>The backends.</summary>
    public BackendPool Pool => Discovery.Pool;

    /// <summary>A message for each name of a backend that has no answer.</summary>
    public IReadOnlyList<string> Unresolved =>
    [
        .. Discovery.Unresolved.Select(
            name => $"The name of the backend {NameIn(name.Question)} cannot be resolved now: {name.Failure ?? "no answer yet"}."),
    ];

    /// <summary>A message for each address that is not used, because an earlier line has it or this process listens on it.</summary>
    public IReadOnlyList<string> Refused =>
    [
        .. Discovery.Refused.Select(address => address.Owner is { } owner
            ? $"The backends {owner} and {address.Line} have the address {address.EndPoint} in common; it is used once, by the first. "
                + "Remove one of the two lines unless that is intended."
            : $"The backend {address.Line} has the address {address.EndPoint}, which lbtcp itself listens on; it is not used."),
    ];

    /// <summary>Resolves all names of all services concurrently, and applies their backends, at the start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="environment">What they resolve names with.</param>
    /// <exception cref="StartException">
    /// A name to listen on cannot be resolved, a source address is not of this machine, or a backend is an address that this process
    /// listens on.
    /// </exception>
    public static async Task<Resolution[]> ResolveAllAsync(IEnumerable<ServiceOptions> services, DiscoveryEnvironment environment)
    {
        services = [.. services];
        RefuseForeignSources(services);
        Resolution[] resolutions = await LookUpAllAsync(services, environment, CancellationToken.None);
        EndPoint[] listen = [.. resolutions.SelectMany(resolution => resolution.Listen)];
        environment.Own.Replace(listen);
        RefuseLoops(listen, resolutions.SelectMany(resolution => resolution.Service.Backends));
        foreach (Resolution resolution in resolutions)
            _ = resolution.Discovery.Apply(resolution.Service.Backends);
        return resolutions;
    }

    /// <summary>Looks up all names of all services concurrently, and leaves their backends to be applied.</summary>
    /// <param name="services">The services.</param>
    /// <param name="environment">What they resolve names with.</param>
    /// <param name="cancellationToken">Ends the wait for answers.</param>
    /// <exception cref="StartException">A name to listen on cannot be resolved.</exception>
    public static async Task<Resolution[]> LookUpAllAsync(
        IEnumerable<ServiceOptions> services, DiscoveryEnvironment environment, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = NewLimit(environment.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Task<Resolution>[] resolving = [.. services.Select(service => ResolveAsync(service, environment, limit.Token))];
        try
        {
            return await Task.WhenAll(resolving);
        }
        catch
        {
            foreach (Task<Resolution> resolved in resolving.Where(each => each.IsCompletedSuccessfully))
                (await resolved).Discovery.Dispose();
            throw;
        }
    }

    /// <summary>Returns a token that fires when the names that have no answer by then should be waited for no longer.</summary>
    public static CancellationTokenSource NewLimit(TimeProvider timeProvider) => new(_timeout, timeProvider);

    /// <summary>
    /// Refuses a backend that the operator wrote as an address on which any service listens: the process would relay to itself. Such an
    /// answer of a name server is left out instead.
    /// </summary>
    /// <exception cref="StartException">A backend is one of the addresses; the message names it.</exception>
    public static void RefuseLoops(IReadOnlyList<EndPoint> listen, IEnumerable<BackendOptions> backends)
    {
        var own = new OwnAddresses();
        own.Replace(listen);
        foreach (BackendAddress address in backends.Select(line => line.Address))
        {
            IEnumerable<EndPoint> known = address.EndPoint is { } literal ? [literal]
                : Hosts.IsLocalhost(address.HostName)
                    ? [new IPEndPoint(IPAddress.Loopback, address.Port), new IPEndPoint(IPAddress.IPv6Loopback, address.Port)]
                : [];
            if (known.Any(own.Contains))
            {
                throw new StartException(
                    $"The backend {address.HostAndPort} is an address that lbtcp itself listens on: "
                    + $"{string.Join<EndPoint>(" and ", listen)}.",
                    isConfigurationError: true);
            }
        }
    }

    private static async Task<Resolution> ResolveAsync(ServiceOptions service, DiscoveryEnvironment environment, CancellationToken limit)
    {
        BackendDiscovery discovery = environment.CreateDiscovery(service.Name);
        Task prepared = discovery.PrepareAsync(service.Backends, limit);
        Task<EndPoint[][]> listen = Task.WhenAll(
            service.Listen.Select(address => ResolveAsync(address, environment.Names.Resolver, limit)));
        try
        {
            await Task.WhenAll(prepared, listen);
        }
        catch
        {
            discovery.Dispose();
            throw;
        }

        return new Resolution(service, [.. (await listen).SelectMany(endPoints => endPoints).Distinct()], discovery);
    }

    private static async Task<EndPoint[]> ResolveAsync(ListenAddress address, HostResolver resolver, CancellationToken limit)
    {
        if (address.Unix is not null)
            return [address.Unix];
        if (address.HostName is null)
            return [new IPEndPoint(IPAddress.IPv6Any, address.Port)];
        NameAnswer answer;
        try
        {
            answer = await resolver.ResolveAsync(new NameQuestion(address.HostName, IsService: false), limit);
        }
        catch (OperationCanceledException)
        {
            answer = NameAnswer.Failed("no answer", isTemporary: true);
        }

        return answer.Failure is null
            ? [.. answer.Addresses.Select(known => new IPEndPoint(known, address.Port))]
            : throw new StartException(
                $"--listen: {address.HostName} cannot be resolved: {answer.Failure}.", isConfigurationError: true);
    }

    /// <summary>Refuses a source address that is not of this machine.</summary>
    /// <exception cref="StartException">The message names the address.</exception>
    public static void RefuseForeignSources(IEnumerable<ServiceOptions> services)
    {
        IEnumerable<IPAddress> sources = services.SelectMany(service =>
            service.SourceAddresses.Concat(service.Backends.Select(backend => backend.SourceAddress).OfType<IPAddress>()));
        if (sources.Distinct().FirstOrDefault(source => !LocalAddress.Exists(source)) is { } foreign)
            throw new StartException($"The source address {foreign} is not an address of this machine.", isConfigurationError: true);
    }

    private string NameIn(NameQuestion question) => Service.Backends
        .FirstOrDefault(line => line.Address.HostName == question.Name)?.Address.HostAndPort ?? question.PlainName;
}
