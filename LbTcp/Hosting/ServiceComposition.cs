using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Health;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Makes the parts of a service and puts them together.</summary>
internal static class ServiceComposition
{
    /// <summary>Makes a service, which does nothing until it is started.</summary>
    /// <param name="options">The options of the service.</param>
    /// <param name="pool">Its backends.</param>
    /// <param name="sockets">The sockets that it accepts from; the service closes them.</param>
    /// <param name="environment">What it shares with other services.</param>
    public static LoadBalancer Create(ServiceOptions options, BackendPool pool, ListenSockets sockets, ServiceEnvironment environment)
    {
        (ITransport transport, _, HostResolver resolver, _, _, TimeProvider timeProvider, ILoggerFactory loggers) = environment;
        var connections = new ActiveConnections(environment.Slots, environment.Ids, options.Forwarding, timeProvider);
        SlowStart? slowStart = options.SlowStartTime > TimeSpan.Zero ? new SlowStart(options.SlowStartTime, timeProvider) : null;
        pool.Balance(Policies.Create(options.Algorithm), slowStart);
        var health = new PoolHealth(pool, options.HealthCheck, options.PassiveHealth, timeProvider, loggers.CreateLogger<PoolHealth>());
        _ = new OutageTracker(pool, options.Forwarding, timeProvider, loggers.CreateLogger<OutageTracker>()); // referenced by the pool
        var handler = new ConnectionHandler(
            connections,
            new ConnectionQueue(pool, options.Forwarding, timeProvider),
            new HostConnector(transport.Connector, resolver),
            health,
            options.Forwarding,
            loggers.CreateLogger<ConnectionHandler>());
        return new LoadBalancer(
            sockets,
            [.. sockets.Listeners.SelectMany(transport.Listen)],
            new AcceptLoop(connections, handler, timeProvider, loggers.CreateLogger<AcceptLoop>()),
            new ConnectionDrain(connections, options.DrainTimeout, timeProvider, loggers.CreateLogger<ConnectionDrain>()),
            [new Ticker("time limits", () => connections.SweepInterval, connections.Sweep)],
            timeProvider,
            loggers.CreateLogger<LoadBalancer>());
    }
}
