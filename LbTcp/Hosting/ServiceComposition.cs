using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Health;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Creates the parts of a service and connects them.</summary>
internal static class ServiceComposition
{
    /// <summary>Creates a service, which does nothing until it is started.</summary>
    /// <param name="options">The options of the service.</param>
    /// <param name="pool">Its backends.</param>
    /// <param name="sockets">The sockets that it accepts from; the service closes them.</param>
    /// <param name="environment">The parts that it shares with other services.</param>
    public static LoadBalancer Create(ServiceOptions options, BackendPool pool, ListenSockets sockets, ServiceEnvironment environment)
    {
        ITransport transport = environment.Transport;
        HostResolver resolver = environment.Resolver;
        TimeProvider timeProvider = environment.TimeProvider;
        ILoggerFactory loggers = environment.Loggers;
        var connections = new ActiveConnections(environment.Slots, environment.Ids, options.Forwarding, timeProvider);
        var balancer = new Balancer(pool, Policies.Create(options.Algorithm), options.SlowStartTime, timeProvider);
        var health = new PoolHealth(pool, options.HealthCheck, options.PassiveHealth, timeProvider, loggers.CreateLogger<PoolHealth>());

        // Follows the pool after its health: an ejected backend that returns because no other is left is not reported as an outage.
        _ = new OutageTracker(pool, options.Forwarding, timeProvider, loggers.CreateLogger<OutageTracker>()); // referenced by the pool
        var sources = new DialSources(() => options.SourceAddresses);
        var localFaults = new LocalFaults(loggers.CreateLogger<LocalFaults>());
        var handler = new ConnectionHandler(
            connections,
            new FailoverConnector(
                new ConnectionQueue(balancer, options.Forwarding, timeProvider),
                new HostConnector(transport.Connector, resolver, sources),
                health,
                localFaults,
                options.Forwarding),
            new ConnectionStages(),
            localFaults,
            options.Forwarding,
            loggers.CreateLogger<ConnectionHandler>());
        var checker = new HealthChecker(
            pool,
            health,
            new BackendProbe(
                options.HealthCheck, new HostConnector(transport.CheckConnector, resolver, sources), environment.HangUps, timeProvider),
            environment.ProbePlaces,
            options.HealthCheck,
            timeProvider,
            loggers.CreateLogger<HealthChecker>());
        var decisions = new Ticker("health decisions", () => health.Tick, _ => health.Decide());
        health.Reported += decisions.Reschedule;
        return new LoadBalancer(
            pool,
            sockets,
            [.. sockets.All.SelectMany(transport.Listen)],
            new AcceptLoop(connections, handler, timeProvider, loggers.CreateLogger<AcceptLoop>()),
            new ConnectionDrain(connections, options.DrainTimeout, timeProvider, loggers.CreateLogger<ConnectionDrain>()),
            [
                new Ticker("time limits", () => connections.SweepInterval, _ => connections.Sweep()),
                new Ticker("health checks", () => checker.Tick, checker.BeginDueChecks, EndChecksAsync),
                new Ticker("local faults", () => LocalFaults.Interval, _ => localFaults.Report(), localFaults.FinishAsync),
                decisions,
                .. balancer.Tick is { } tick ? [new Ticker("slow start", () => tick, _ => balancer.Advance())] : Array.Empty<Ticker>(),
            ],
            timeProvider,
            loggers.CreateLogger<LoadBalancer>());

        async Task EndChecksAsync()
        {
            await checker.WhenIdleAsync(); // from here on no hang-up is added
            await environment.HangUps.WhenIdleAsync();
        }
    }
}
