using LbTcp.Balancing;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Cli;

/// <summary>Makes the parts of one service, puts them together, and runs it.</summary>
/// <param name="options">What the operator asked for.</param>
/// <param name="resolution">What the names in it stand for.</param>
/// <param name="loggers">Where the parts' loggers come from.</param>
/// <param name="clock">The time.</param>
internal sealed class Composition(CommandOptions options, Resolution resolution, ILoggerFactory loggers, TimeProvider clock)
{
    private readonly StartLog _log = new(loggers.CreateLogger<Composition>());

    /// <summary>Listens and serves until <paramref name="stopping"/> fires, then drains until <paramref name="aborting"/> fires or the time is up.</summary>
    /// <returns>Whether it stopped because it was asked to; false when it failed, which was logged.</returns>
    /// <exception cref="ListenException">One of the addresses cannot be listened on.</exception>
    public async Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        _log.Warnings(options, resolution);
        using var sockets = ListenSockets.Open(resolution.Listen);
        using SocketTransport transport = CreateTransport();
        using var connections = new ActiveConnections(options.LoadBalancer.MaxConnections, options.Forwarding, clock);
        var connector = new AddressConnector(transport.Connector, options.Forwarding);
        var handler = new ConnectionHandler(resolution.Pool, CreatePolicy(), connector, options.Forwarding, loggers.CreateLogger<ConnectionHandler>());
        IConnectionListener[] listeners = [.. sockets.Listeners.SelectMany(transport.Listen)];
        var balancer = new LoadBalancer(listeners, connections, handler, options.LoadBalancer, clock, loggers.CreateLogger<LoadBalancer>());

        _log.Listening(options, sockets);
        bool isClean = await balancer.RunAsync(stopping, aborting);
        _log.Stopped();
        return isClean;
    }

    private SocketTransport CreateTransport() => options.TransportKind switch
    {
        TransportKind.Auto or TransportKind.Sockets => new SocketTransport(options.Transport),
        _ => throw new InvalidOperationException($"Unknown transport {options.TransportKind}."),
    };

    private RoundRobinPolicy CreatePolicy() => options.Algorithm switch
    {
        Algorithm.RoundRobin => new RoundRobinPolicy(),
        _ => throw new InvalidOperationException($"Unknown algorithm {options.Algorithm}."),
    };
}
