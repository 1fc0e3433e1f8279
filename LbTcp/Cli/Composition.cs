using System.Net.Sockets;
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
        using var sockets = ListenSockets.Open(resolution.Listen, options.Transport);
        using var connections = new ActiveConnections(options.LoadBalancer.MaxConnections, options.Forwarding, clock);
        LoadBalancer balancer = CreateLoadBalancer(sockets, connections);

        // While the rest drains nobody accepts, and a client that waits in the queue of an open socket would wait in vain.
        using CancellationTokenRegistration closing = stopping.Register(sockets.Dispose);
        _log.Listening(options, sockets);
        bool isClean = await balancer.RunAsync(stopping, aborting);
        _log.Stopped();
        return isClean;
    }

    private LoadBalancer CreateLoadBalancer(ListenSockets sockets, ActiveConnections connections)
    {
        var connector = new AddressConnector(new SocketConnector(options.Transport), options.Forwarding);
        var handler = new ConnectionHandler(resolution.Pool, CreatePolicy(), connector, options.Forwarding, loggers.CreateLogger<ConnectionHandler>());
        IConnectionListener[] listeners = [.. sockets.Listeners.Select(CreateListener)];
        return new LoadBalancer(listeners, connections, handler, options.LoadBalancer, clock, loggers.CreateLogger<LoadBalancer>());
    }

    private SocketListener CreateListener(TcpListener listener) => new(listener, options.Transport);

    private RoundRobinPolicy CreatePolicy() => options.Algorithm switch
    {
        Algorithm.RoundRobin => new RoundRobinPolicy(),
        _ => throw new InvalidOperationException($"Unknown algorithm {options.Algorithm}."),
    };
}
