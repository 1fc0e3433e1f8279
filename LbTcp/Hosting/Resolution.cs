using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>What the names that the operator wrote stand for.</summary>
/// <param name="Listen">Where to listen; <see cref="IPAddress.IPv6Any"/> stands for all interfaces, IPv4 and IPv6.</param>
/// <param name="Pool">The backends, with the addresses that are known so far.</param>
/// <param name="Unresolved">A sentence for every backend whose name could not be resolved.</param>
internal sealed record Resolution(IReadOnlyList<IPEndPoint> Listen, BackendPool Pool, IReadOnlyList<string> Unresolved)
{
    /// <summary>How long a start may wait for name servers. A backend whose name is slower gets its addresses when it is needed.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Resolves all names at the same time.</summary>
    /// <exception cref="OperatorException">A name to listen on cannot be resolved, or a backend is the program itself.</exception>
    public static async Task<Resolution> ResolveAsync(CommandOptions options, TimeProvider timeProvider)
    {
        var pool = new BackendPool(options.Backends);
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
        IPEndPoint[] usable = [.. endPoints.Current.Where(endPoint => endPoint.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6)];
        return usable.Length > 0
            ? usable
            : throw new OperatorException(ExitCode.Usage, $"--listen: {address.HostName} cannot be resolved: {SocketErrors.Describe(error)}.");
    }

    private static async Task<string?> FindProblemAsync(Backend backend, TimeProvider timeProvider)
    {
        SocketError error = await RefreshAsync(backend.EndPoints, timeProvider);
        return error == SocketError.Success ? null : $"The name of the backend {backend.Name} cannot be resolved now: {SocketErrors.Describe(error)}.";
    }

    private static async Task<SocketError> RefreshAsync(HostEndPoints endPoints, TimeProvider timeProvider)
    {
        try
        {
            return await endPoints.RefreshAsync().WaitAsync(_patience, timeProvider);
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
            throw new OperatorException(
                ExitCode.Usage, $"The backend {loop.Name} is this program itself: it listens on {string.Join(" and ", Listen)}.");
        }
    }
}
