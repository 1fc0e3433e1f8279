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
    /// <param name="first">The options of the service.</param>
    /// <param name="discovery">Its backends.</param>
    /// <param name="ports">The ports that it accepts from; the service closes them.</param>
    /// <param name="environment">The parts that it shares with other services.</param>
    public static LoadBalancer Create(
        ServiceOptions first, BackendDiscovery discovery, IReadOnlyList<ServicePort> ports, ServiceEnvironment environment)
    {
        BackendPool pool = discovery.Pool;
        ITransport transport = environment.Transport;
        TimeProvider timeProvider = environment.TimeProvider;
        ILoggerFactory loggers = environment.Loggers.For(first.Name);
        var options = new CurrentServiceOptions(first);
        var slots = new ConnectionSlots(SlotsOf(first), environment.Limits.Slots);
        var connections = new ActiveConnections(slots, environment.Ids, options.Forwarding, timeProvider);
        var balancer = new Balancer(pool, Policies.Create(first.Algorithm), first.SlowStartTime, timeProvider);
        options.All.Changed += (before, next) =>
        {
            slots.Limit = SlotsOf(next);
            if (before.Algorithm != next.Algorithm)
                balancer.ChangePolicy(Policies.Create(next.Algorithm));
            if (before.SlowStartTime != next.SlowStartTime)
                balancer.ChangeSlowStart(next.SlowStartTime);
        };
        var health = new PoolHealth(pool, options.HealthCheck, options.PassiveHealth, timeProvider, loggers.CreateLogger<PoolHealth>());

        // Follows the pool after its health: an ejected backend that returns because no other is left is not reported as an outage.
        _ = new OutageTracker(pool, options.Forwarding, timeProvider, loggers.CreateLogger<OutageTracker>()); // referenced by the pool
        var localFaults = new LocalFaults(loggers.CreateLogger<LocalFaults>());
        DialSources sources = SourcesOf(options);
        sources.Missing += backend => localFaults.Record(SocketErrors.SourceNotLocal, backend);
        var addresses = new AddressTracker(timeProvider, loggers.CreateLogger<AddressTracker>());
        addresses.Unreachable += discovery.Hasten;
        var handler = new ConnectionHandler(
            connections,
            new FailoverConnector(
                new ConnectionQueue(balancer, options.Forwarding, timeProvider),
                new HostConnector(transport.Connector, addresses, sources),
                health,
                localFaults,
                options.Forwarding),
            new ConnectionStages(),
            localFaults,
            options.Forwarding,
            loggers.CreateLogger<ConnectionHandler>());
        return new LoadBalancer(
            discovery,
            options,
            ports,
            new AcceptLoop(connections, handler, timeProvider, loggers.CreateLogger<AcceptLoop>()),
            new ConnectionDrain(
                connections, () => options.All.Value.DrainTimeout, timeProvider, loggers.CreateLogger<ConnectionDrain>()),
            [
                new Ticker("time limits", () => connections.SweepInterval, _ => connections.Sweep()),
                CheckTicker(pool, health, options.HealthCheck, addresses, SourcesOf(options), environment, loggers),
                new Ticker("local faults", () => LocalFaults.Interval, _ => localFaults.Report(), localFaults.FinishAsync),
                DecisionTicker(health),
                NameTicker(discovery),
                new Ticker("slow start", () => balancer.Tick ?? Timeout.InfiniteTimeSpan, _ => balancer.Advance()),
            ],
            timeProvider,
            loggers.CreateLogger<LoadBalancer>());
    }

    private static int SlotsOf(ServiceOptions options) => options.MaxConnections ?? int.MaxValue;

    // Clients and checks have turns of their own.
    private static DialSources SourcesOf(CurrentServiceOptions options) => new(() => options.All.Value.SourceAddresses);

    private static Ticker CheckTicker(
        BackendPool pool,
        PoolHealth health,
        CurrentOptions<HealthCheckOptions> options,
        AddressTracker addresses,
        DialSources sources,
        ServiceEnvironment environment,
        ILoggerFactory loggers)
    {
        TimeProvider timeProvider = environment.TimeProvider;
        var hangUps = new HangUpList(environment.Limits.HangUps, timeProvider);
        var connector = new HostConnector(environment.Transport.CheckConnector, addresses, sources);
        var checker = new HealthChecker(
            pool,
            health,
            new BackendProbe(options, connector, hangUps, timeProvider),
            environment.Limits.ProbePlaces,
            options,
            timeProvider,
            loggers.CreateLogger<HealthChecker>());
        return new Ticker("health checks", () => checker.Tick, checker.BeginDueChecks, EndChecksAsync);

        async Task EndChecksAsync()
        {
            await checker.WhenIdleAsync(); // from here on no hang-up is added
            await hangUps.WhenIdleAsync();
        }
    }

    private static Ticker NameTicker(BackendDiscovery discovery)
    {
        var names = new Ticker("names", () => discovery.Tick, _ => discovery.Refresh());
        discovery.TickShortened += names.Reschedule;
        return names;
    }

    private static Ticker DecisionTicker(PoolHealth health)
    {
        var decisions = new Ticker("health decisions", () => health.Tick, _ => health.Decide());
        health.Reported += decisions.Reschedule;
        return decisions;
    }
}
