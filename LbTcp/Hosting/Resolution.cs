using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>A service with the addresses of the names in its options.</summary>
/// <param name="Service">The options of the service.</param>
/// <param name="Listen">The addresses to listen on; <see cref="IPAddress.IPv6Any"/> is all interfaces, IPv4 and IPv6.</param>
/// <param name="Discovery">The backends, as far as their names have an answer; follows their names while the service runs.</param>
internal sealed record Resolution(ServiceOptions Service, IReadOnlyList<IPEndPoint> Listen, BackendDiscovery Discovery)
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

    /// <summary>Resolves all names of all services concurrently, and applies their backends.</summary>
    /// <param name="services">The services.</param>
    /// <param name="environment">What they resolve names with.</param>
    /// <exception cref="StartException">
    /// A name to listen on cannot be resolved, or a backend is an address that this process listens on.
    /// </exception>
    public static async Task<Resolution[]> ResolveAllAsync(IEnumerable<ServiceOptions> services, DiscoveryEnvironment environment)
    {
        using var limit = new CancellationTokenSource(_timeout, environment.TimeProvider);
        Resolution[] resolutions = await Task.WhenAll(services.Select(service => ResolveAsync(service, environment, limit.Token)));
        environment.Own.Replace(resolutions.SelectMany(resolution => resolution.Listen));
        RefuseLoops(resolutions, environment.Own);
        foreach (Resolution resolution in resolutions)
            _ = resolution.Discovery.Apply(resolution.Service.Backends);
        return resolutions;
    }

    private static async Task<Resolution> ResolveAsync(ServiceOptions service, DiscoveryEnvironment environment, CancellationToken limit)
    {
        BackendDiscovery discovery = environment.CreateDiscovery();
        Task prepared = discovery.PrepareAsync(service.Backends, limit);
        IPEndPoint[][] listen = await Task.WhenAll(
            service.Listen.Select(address => ResolveAsync(address, environment.Names.Resolver, limit)));
        await prepared;
        return new Resolution(service, [.. listen.SelectMany(endPoints => endPoints).Distinct()], discovery);
    }

    private static async Task<IPEndPoint[]> ResolveAsync(ListenAddress address, HostResolver resolver, CancellationToken limit)
    {
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

    // What the operator wrote as an address would make the process relay to itself; what a name server answers is left out later.
    private static void RefuseLoops(Resolution[] resolutions, OwnAddresses own)
    {
        foreach (BackendAddress address in resolutions.SelectMany(resolution => resolution.Service.Backends).Select(line => line.Address))
        {
            IEnumerable<IPAddress> fixedAddresses = Hosts.IsLocalhost(address.HostName) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
                : IPAddress.TryParse(address.HostName, out IPAddress? literal) ? [literal]
                : [];
            if (fixedAddresses.Any(each => own.Contains(new IPEndPoint(each, address.Port))))
            {
                throw new StartException(
                    $"The backend {address.HostAndPort} is an address that lbtcp itself listens on: "
                    + $"{string.Join(" and ", resolutions.SelectMany(resolution => resolution.Listen))}.",
                    isConfigurationError: true);
            }
        }
    }

    private string NameIn(NameQuestion question) => Service.Backends
        .FirstOrDefault(line => line.Address.HostName == question.Name)?.Address.HostAndPort ?? question.PlainName;
}
