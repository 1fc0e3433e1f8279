using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>A service with the addresses of the names in its options.</summary>
/// <param name="Service">The options of the service.</param>
/// <param name="Listen">The addresses to listen on; <see cref="IPAddress.IPv6Any"/> is all interfaces, IPv4 and IPv6.</param>
/// <param name="Pool">The backends, with the addresses that could be resolved.</param>
/// <param name="Unresolved">A message for each backend whose name could not be resolved.</param>
internal sealed record Resolution(
    ServiceOptions Service, IReadOnlyList<IPEndPoint> Listen, BackendPool Pool, IReadOnlyList<string> Unresolved)
{
    /// <summary>
    /// The maximum time for a name server to answer at the start. A backend whose name takes longer is resolved when it is first dialled.
    /// </summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    /// <summary>Resolves all names of all services concurrently.</summary>
    /// <exception cref="StartException">
    /// A name to listen on cannot be resolved, or the address of a backend is a listen address of this process.
    /// </exception>
    public static async Task<Resolution[]> ResolveAllAsync(
        IEnumerable<ServiceOptions> services, HostResolver resolver, TimeProvider timeProvider)
    {
        Resolution[] resolutions = await Task.WhenAll(services.Select(service => ResolveAsync(service, resolver, timeProvider)));
        RefuseLoops(
            [.. resolutions.SelectMany(resolution => resolution.Listen)],
            resolutions.SelectMany(resolution => resolution.Pool.GetAllBackends()));
        return resolutions;
    }

    /// <summary>
    /// Refuses a backend with an address that any service listens on: the process would relay to itself.
    /// </summary>
    /// <exception cref="StartException">A backend has one of the addresses; the message names it.</exception>
    public static void RefuseLoops(IReadOnlyList<IPEndPoint> listen, IEnumerable<Backend> backends)
    {
        var own = new OwnAddresses(listen, OwnAddresses.ReadHostAddresses());
        if (backends.FirstOrDefault(backend => backend.EndPoints.Any(own.Contains)) is { } loop)
        {
            throw new StartException(
                $"The backend {loop.Name} is an address that lbtcp itself listens on: {string.Join(" and ", listen)}.",
                isConfigurationError: true);
        }
    }

    private static async Task<Resolution> ResolveAsync(ServiceOptions service, HostResolver resolver, TimeProvider timeProvider)
    {
        var pool = new BackendPool(service.Backends);
        Task<string?[]> backends = Task.WhenAll(pool.GetAllBackends().Select(backend => FindProblemAsync(backend, resolver, timeProvider)));
        IPEndPoint[][] listen = await Task.WhenAll(service.Listen.Select(address => ResolveAsync(address, resolver, timeProvider)));
        string[] unresolved = [.. (await backends).OfType<string>()];
        return new Resolution(service, [.. listen.SelectMany(endPoints => endPoints).Distinct()], pool, unresolved);
    }

    private static async Task<IPEndPoint[]> ResolveAsync(ListenAddress address, HostResolver resolver, TimeProvider timeProvider)
    {
        if (address.HostName is null)
            return [new IPEndPoint(IPAddress.IPv6Any, address.Port)];
        HostAddresses found = await WithinTimeoutAsync(
            resolver.ResolveAsync(address.HostName), new HostAddresses([], SocketError.TimedOut), timeProvider);
        IPEndPoint[] usable =
        [
            .. found.Addresses
                .Where(known => known.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6)
                .Select(known => new IPEndPoint(known, address.Port)),
        ];
        return usable.Length > 0
            ? usable
            : throw new StartException(
                $"--listen: {address.HostName} cannot be resolved: {SocketErrors.Describe(found.Error)}.", isConfigurationError: true);
    }

    private static async Task<string?> FindProblemAsync(Backend backend, HostResolver resolver, TimeProvider timeProvider)
    {
        SocketError error = await WithinTimeoutAsync(resolver.RefreshAsync(backend), SocketError.TimedOut, timeProvider);
        return error == SocketError.Success
            ? null
            : $"The name of the backend {backend.Name} cannot be resolved now: {SocketErrors.Describe(error)}.";
    }

    private static async Task<T> WithinTimeoutAsync<T>(Task<T> resolving, T otherwise, TimeProvider timeProvider)
    {
        try
        {
            return await resolving.WaitAsync(_timeout, timeProvider);
        }
        catch (TimeoutException)
        {
            return otherwise;
        }
    }
}
