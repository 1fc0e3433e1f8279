using LbTcp.Admission;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Tls;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Health;
using LbTcp.Hosting.Operations;
using LbTcp.Preface;
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
    /// <param name="trigger">What adds the service: the start of the process, or a reload.</param>
    public static LoadBalancer Create(
        ServiceOptions first,
        BackendDiscovery discovery,
        IReadOnlyList<ServicePort> ports,
        ServiceEnvironment environment,
        TransitionTrigger trigger)
    {
        BackendPool pool = discovery.Pool;
        ITransport transport = environment.Transport;
        TimeProvider timeProvider = environment.TimeProvider;
        ILoggerFactory loggers = environment.Loggers.For(first.Name);
        var options = new CurrentServiceOptions(first);
        var slots = new ConnectionSlots(SlotsOf(first), environment.Limits.Slots);
        var connections = new ActiveConnections(
            slots, environment.Ids, options.Forwarding, timeProvider, () => options.All.Value.Preface.PrefaceTimeout);
        ServiceTraffic? traffic = environment.IsOperated ? new ServiceTraffic(connections) : null;
        var routes = new BackendRoutes(pool, first.Algorithm, first.SlowStartTime, options.Forwarding, timeProvider);
        options.All.Changed += (before, next) =>
        {
            slots.Limit = SlotsOf(next);
            if (before.Algorithm != next.Algorithm)
                routes.ChangeAlgorithm(next.Algorithm);
            if (before.SlowStartTime != next.SlowStartTime)
                routes.ChangeSlowStart(next.SlowStartTime);
        };
        var health = new PoolHealth(
            pool,
            options.HealthCheck,
            options.PassiveHealth,
            timeProvider,
            loggers.CreateLogger<PoolHealth>(),
            keepsHistory: environment.IsOperated);

        // Follows the pool after its health: an ejected backend that returns because no other is left is not reported as an outage.
        _ = new OutageTracker(pool, options.Forwarding, timeProvider, loggers.CreateLogger<OutageTracker>()); // referenced by the pool
        var localFaults = new LocalFaults(loggers.CreateLogger<LocalFaults>());
        DialSources sources = SourcesOf(options);
        sources.Missing += backend => localFaults.Record(SocketErrors.SourceNotLocal, backend);
        var addresses = new AddressTracker(timeProvider, loggers.CreateLogger<AddressTracker>());
        addresses.Unreachable += discovery.Hasten;
        (HealthChecker checker, Ticker checks) = Checks(
            pool, health, options, addresses, SourcesOf(options), environment, loggers);
        var access = new AccessControl(options.Admission);
        options.Admission.Changed += (_, next) =>
            new StartLog(loggers.CreateLogger<StartLog>()).Warnings(StartWarnings.OfAccess(next));
        var refusedClients = new RefusedClients(access, loggers.CreateLogger<RefusedClients>());
        var sourceLimits = new AdmissionQueue(new SourceLimits(options, timeProvider), timeProvider);
        var tls = new TlsTermination(loggers.CreateLogger<TlsStage>());
        CurrentOptions<ConnectionStages> stages = new ServiceStages(options, access, sourceLimits, routes, tls, loggers).Current;
        var failover = new FailoverConnector(
            routes.Default.Queue,
            new HostConnector(transport.Connector, addresses, sources),
            health,
            localFaults,
            traffic,
            stages,
            options.Forwarding,
            timeProvider);
        routes.PicksChanged += failover.Hedges.Hasten;
        var firstBytes = new FirstByteWatch(health, options.Forwarding, timeProvider);
        var handler = new ConnectionHandler(
            connections,
            failover,
            stages,
            localFaults,
            refusedClients,
            firstBytes,
            traffic,
            options.Forwarding,
            loggers.CreateLogger<ConnectionHandler>());
        ServiceParts? parts = traffic is null || environment.History is not { } history
            ? null
            : new ServiceParts(
                pool,
                options,
                access,
                sourceLimits,
                routes,
                health,
                checker,
                connections,
                traffic,
                tls.Handshakes,
                new TrafficSampler(traffic, connections, history, timeProvider),
                new Rebalancer(routes.SeparateWeights, connections, options.Forwarding, loggers.CreateLogger<Rebalancer>()),
                new BackendJournals(pool, health, trigger, timeProvider),
                loggers);
        return new LoadBalancer(
            discovery,
            options,
            ports,
            new AcceptLoop(connections, handler, timeProvider, loggers.CreateLogger<AcceptLoop>()),
            new ConnectionDrain(
                connections, () => options.All.Value.DrainTimeout, timeProvider, loggers.CreateLogger<ConnectionDrain>()),
            [
                new Ticker("time limits", () => connections.SweepInterval, _ => connections.Sweep()),
                FirstByteTicker(firstBytes),
                DialTicker(failover.Hedges),
                AdmissionTicker(sourceLimits),
                checks,
                new Ticker("local faults", () => LocalFaults.Interval, _ => localFaults.Report(), localFaults.FinishAsync),
                new Ticker(
                    "refused clients", () => RefusedClients.Interval, _ => refusedClients.Report(), refusedClients.FinishAsync),
                DecisionTicker(health),
                NameTicker(discovery),
                CertificateTicker(options, tls, timeProvider, loggers),
                new Ticker("slow start", () => routes.Tick ?? Timeout.InfiniteTimeSpan, _ => routes.Advance()),
                .. parts is null ? [] : OperatedTickers(parts),
            ],
            timeProvider,
            loggers.CreateLogger<LoadBalancer>())
        {
            Parts = parts,
        };
    }

    private static int SlotsOf(ServiceOptions options) => options.MaxConnections ?? int.MaxValue;

    // Clients and checks have turns of their own.
    private static DialSources SourcesOf(CurrentServiceOptions options) => new(() => options.All.Value.SourceAddresses);

    private static (HealthChecker Checker, Ticker Ticker) Checks(
        BackendPool pool,
        PoolHealth health,
        CurrentServiceOptions options,
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
            new BackendProbe(
                options.HealthCheck,
                backend => ProxyHeaderWriter.ForCheck(backend, options.All.Value.Preface),
                backend => health.RecordOf(backend).AwaitsAnswer,
                connector,
                hangUps,
                new BackendTlsClient(new HandshakeLimit(Environment.ProcessorCount)), // apart from the handshakes of clients
                timeProvider),
            environment.Limits.ProbePlaces,
            options.HealthCheck,
            timeProvider,
            loggers.CreateLogger<HealthChecker>());
        return (checker, new Ticker("health checks", () => checker.Tick, checker.BeginDueChecks, EndChecksAsync));

        async Task EndChecksAsync()
        {
            await checker.WhenIdleAsync(); // from here on no hang-up is added
            await hangUps.WhenIdleAsync();
        }
    }

    private static Ticker[] OperatedTickers(ServiceParts parts)
    {
        var rebalance = new Ticker("rebalance", () => parts.Rebalancer.Tick, _ => parts.Rebalancer.Advance());
        parts.Rebalancer.Started += rebalance.Reschedule;
        return [new Ticker("traffic", () => TrafficSampler.Interval, _ => parts.Sampler.Sample()), rebalance];
    }

    private static Ticker FirstByteTicker(FirstByteWatch firstBytes)
    {
        var looks = new Ticker("first bytes", () => firstBytes.Tick, _ => firstBytes.Look());
        firstBytes.TickShortened += looks.Reschedule;
        return looks;
    }

    private static Ticker NameTicker(BackendDiscovery discovery)
    {
        var names = new Ticker("names", () => discovery.Tick, _ => discovery.Refresh());
        discovery.TickShortened += names.Reschedule;
        return names;
    }

    private static Ticker CertificateTicker(
        CurrentServiceOptions options, TlsTermination tls, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        var expiry = new CertificateExpiry(options, timeProvider, loggers.CreateLogger<CertificateExpiry>());
        var certificates = new Ticker("certificates", () => expiry.Tick, _ => expiry.Report(), tls.FinishAsync);
        expiry.TickChanged += certificates.Reschedule;
        return certificates;
    }

    private static Ticker DialTicker(HedgeConnector hedges)
    {
        var dials = new Ticker("dials", () => hedges.Tick, _ => hedges.Check());
        hedges.TickShortened += dials.Reschedule;
        return dials;
    }

    private static Ticker AdmissionTicker(AdmissionQueue queue)
    {
        var admissions = new Ticker("admission", () => queue.Tick, _ => queue.ServeDue());
        queue.TickShortened += admissions.Reschedule;
        return admissions;
    }

    private static Ticker DecisionTicker(PoolHealth health)
    {
        var decisions = new Ticker("health decisions", () => health.Tick, _ => health.Decide());
        health.Reported += decisions.Reschedule;
        return decisions;
    }
}
