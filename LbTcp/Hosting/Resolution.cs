using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>The addresses of the names in the options of a service.</summary>
/// <param name="Listen">The addresses to listen on; <see cref="IPAddress.IPv6Any"/> is all interfaces, IPv4 and IPv6.</param>
/// <param name="Pool">The backends, with the addresses that could be resolved.</param>
/// <param name="Unresolved">A sentence for every backend whose name could not be resolved.</param>
internal sealed record Resolution(IReadOnlyList<IPEndPoint> Listen, BackendPool Pool, IReadOnlyList<string> Unresolved)
{
    /// <summary>
    /// The maximum time for a name server to answer at the start. A backend whose name takes longer is resolved when it is first dialled.
    /// </summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    /// <summary>Resolves all names at the same time.</summary>
    /// <exception cref="StartException">A name to listen on cannot be resolved, or a backend is the program itself.</exception>
    public static async Task<Resolution> ResolveAsync(ServiceOptions options, TimeProvider timeProvider)
    {
        var pool = new BackendPool(options.Backends.Select(backend => new Backend(backend)));
        Task<string?[]> backends = Task.WhenAll(pool.GetAllBackends().Select(backend => FindProblemAsync(backend, timeProvider)));
        IPEndPoint[][] listen = await Task.WhenAll(options.Listen.Select(address => ResolveAsync(address, timeProvider)));
        string[] unresolved = [.. (await backends).OfType<string>()];
        var resolution = new Resolution([.. listen.SelectMany(endPoints => endPoints).Distinct()], pool, unresolved);
        resolution.RefuseLoops();
        return resolution;
    }

    private static async Task<IPEndPoint[]> ResolveAsync(ListenAddress address, TimeProvider timeProvider)
    {
        if (address.HostName is null)
            return [new IPEndPoint(IPAddress.IPv6Any, address.Port)];
        var endPoints = new HostEndPoints(address.HostName, address.Port);
        SocketError error = await RefreshAsync(endPoints, timeProvider);
        IPEndPoint[] usable =
            [.. endPoints.Current.Where(endPoint => endPoint.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6)];
        return usable.Length > 0
            ? usable
            : throw new StartException(
                $"--listen: {address.HostName} cannot be resolved: {SocketErrors.Describe(error)}.", isConfigurationError: true);
    }

    private static async Task<string?> FindProblemAsync(Backend backend, TimeProvider timeProvider)
    {
        SocketError error = await RefreshAsync(backend.EndPoints, timeProvider);
        return error == SocketError.Success
            ? null
            : $"The name of the backend {backend.Name} cannot be resolved now: {SocketErrors.Describe(error)}.";
    }

    private static async Task<SocketError> RefreshAsync(HostEndPoints endPoints, TimeProvider timeProvider)
    {
        try
        {
            return await endPoints.RefreshAsync().WaitAsync(_timeout, timeProvider);
        }
        catch (TimeoutException)
        {
            return SocketError.TimedOut;
        }
    }

    private void RefuseLoops()
    {
        var own = new OwnAddresses(Listen, OwnAddresses.ReadHostAddresses());
        if (Pool.GetAllBackends().FirstOrDefault(backend => backend.EndPoints.Current.Any(own.Contains)) is { } loop)
        {
            throw new StartException(
                $"The backend {loop.Name} is this program itself: it listens on {string.Join(" and ", Listen)}.",
                isConfigurationError: true);
        }
    }
}
