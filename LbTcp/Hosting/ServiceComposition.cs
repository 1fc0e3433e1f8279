using LbTcp.Admission;
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
internal sealed class ServiceComposition
{
    private readonly BackendDiscovery _discovery;
    private readonly ServiceEnvironment _environment;
    private readonly TimeProvider _timeProvider;
    private readonly ILoggerFactory _loggers;
    private readonly CurrentServiceOptions _options;
    private readonly ActiveConnections _connections;
    private readonly ServiceTraffic? _traffic;
    private readonly BackendRoutes _routes;
    private readonly PoolHealth _health;
    private readonly LocalFaults _localFaults;
    private readonly AddressTracker _addresses;
    private readonly HangUpList _hangUps;
    private readonly HealthChecker _checker;
    private readonly AccessControl _access;
    private readonly RefusedClients _refusedClients;
    private readonly AdmissionQueue _limits;
    private readonly TlsTermination _tls;
    private readonly CurrentOptions<ConnectionStages> _stages;
    private readonly FailoverConnector _failover;
    private readonly FirstByteWatch _firstBytes;

    private ServiceComposition(ServiceOptions first, BackendDiscovery discovery, ServiceEnvironment environment)
    {
        _discovery = discovery;
        _environment = environment;
        _timeProvider = environment.TimeProvider;
        _loggers = environment.Loggers.For(first.Name);
        _options = new CurrentServiceOptions(first);
        _connections = CreateConnections();
        _traffic = environment.IsOperated ? new ServiceTraffic(_connections) : null;
        _routes = CreateRoutes(first);
        _health = new PoolHealth(
            discovery.Pool,
            _options.HealthCheck,
            _options.PassiveHealth,
            _timeProvider,
            LoggerOf<PoolHealth>(),
            keepsHistory: environment.IsOperated);

        // Follows the pool after its health: an ejected backend that returns because no other is left is not reported as an outage.
        _ = new OutageTracker(discovery.Pool, _options.Forwarding, _timeProvider, LoggerOf<OutageTracker>()); // referenced by the pool
        _localFaults = new LocalFaults(LoggerOf<LocalFaults>());
        _addresses = new AddressTracker(_timeProvider, LoggerOf<AddressTracker>());
        _addresses.Unreachable += discovery.Hasten;
        _hangUps = new HangUpList(environment.Limits.HangUps, _timeProvider);
        _checker = CreateChecker();
        _access = new AccessControl(_options.Admission);
        _options.Admission.Changed += (_, next) => new StartLog(LoggerOf<StartLog>()).Warnings(StartWarnings.OfAccess(next));
        _refusedClients = new RefusedClients(_access, LoggerOf<RefusedClients>());
        _limits = new AdmissionQueue(new SourceLimits(_options, _timeProvider), _timeProvider);
        _tls = new TlsTermination(LoggerOf<TlsStage>());
        _stages = new ServiceStages(_options, _access, _limits, _routes, _tls, _loggers).Current;
        _failover = CreateFailover();
        _firstBytes = new FirstByteWatch(_health, _options.Forwarding, _timeProvider);
    }

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
        TransitionTrigger trigger) => new ServiceComposition(first, discovery, environment).Create(ports, trigger);

    private LoadBalancer Create(IReadOnlyList<ServicePort> ports, TransitionTrigger trigger)
    {
        var handler = new ConnectionHandler(
            _connections,
            _failover,
            _stages,
            _localFaults,
            _refusedClients,
            _firstBytes,
            _traffic,
            _options.Forwarding,
            LoggerOf<ConnectionHandler>());
        ServiceParts? parts = CreateParts(trigger);
        return new LoadBalancer(
            _discovery,
            _options,
            ports,
            new AcceptLoop(_connections, handler, _timeProvider, LoggerOf<AcceptLoop>()),
            new ConnectionDrain(_connections, () => _options.All.Value.DrainTimeout, _timeProvider, LoggerOf<ConnectionDrain>()),
            [.. CreateTickers(), .. parts is null ? [] : ServiceTickers.Operated(parts)],
            _timeProvider,
            LoggerOf<LoadBalancer>())
        {
            Parts = parts,
        };
    }

    private ActiveConnections CreateConnections()
    {
        var slots = new ConnectionSlots(SlotsOf(_options.All.Value), _environment.Limits.Slots);
        _options.All.Changed += (_, next) => slots.Limit = SlotsOf(next);
        return new ActiveConnections(
            slots, _environment.Ids, _options.Forwarding, _timeProvider, () => _options.All.Value.Preface.PrefaceTimeout);

        static int SlotsOf(ServiceOptions options) => options.MaxConnections ?? int.MaxValue;
    }

    private BackendRoutes CreateRoutes(ServiceOptions first)
    {
        var routes = new BackendRoutes(_discovery.Pool, first.Algorithm, first.SlowStartTime, _options.Forwarding, _timeProvider);
        _options.All.Changed += (before, next) =>
        {
            if (before.Algorithm != next.Algorithm)
                routes.ChangeAlgorithm(next.Algorithm);
            if (before.SlowStartTime != next.SlowStartTime)
                routes.ChangeSlowStart(next.SlowStartTime);
        };
        return routes;
    }

    private HealthChecker CreateChecker() => new(
        _discovery.Pool,
        _health,
        new BackendProbe(
            _options.HealthCheck,
            backend => ProxyHeaderWriter.ForCheck(backend, _options.All.Value.Preface),
            backend => _health.RecordOf(backend).AwaitsAnswer,
            new HostConnector(_environment.Transport.CheckConnector, _addresses, CreateSources()),
            _hangUps,
            new BackendTlsClient(new HandshakeLimit(Environment.ProcessorCount)), // apart from the handshakes of clients
            _timeProvider),
        _environment.Limits.ProbePlaces,
        _options.HealthCheck,
        _timeProvider,
        LoggerOf<HealthChecker>());

    private FailoverConnector CreateFailover()
    {
        DialSources sources = CreateSources();
        sources.Missing += backend => _localFaults.Record(SocketErrors.SourceNotLocal, backend);
        var failover = new FailoverConnector(
            _routes.Default.Queue,
            new HostConnector(_environment.Transport.Connector, _addresses, sources),
            _health,
            _localFaults,
            _traffic,
            _stages,
            _options.Forwarding,
            _timeProvider);
        _routes.PicksChanged += failover.Hedges.Hasten;
        return failover;
    }

    // Clients and checks have turns of their own.
    private DialSources CreateSources() => new(() => _options.All.Value.SourceAddresses);

    private ServiceParts? CreateParts(TransitionTrigger trigger) => _traffic is null || _environment.History is not { } history
        ? null
        : new ServiceParts(
            _discovery.Pool,
            _options,
            _access,
            _limits,
            _routes,
            _health,
            _checker,
            _connections,
            _traffic,
            _tls.Handshakes,
            new TrafficSampler(_traffic, _connections, history, _timeProvider),
            new Rebalancer(_routes.SeparateWeights, _connections, _options.Forwarding, LoggerOf<Rebalancer>()),
            new BackendJournals(_discovery.Pool, _health, trigger, _timeProvider),
            _loggers);

    private IEnumerable<Ticker> CreateTickers() =>
    [
        new Ticker("time limits", () => _connections.SweepInterval, _ => _connections.Sweep()),
        ServiceTickers.FirstBytes(_firstBytes),
        ServiceTickers.Dials(_failover.Hedges),
        ServiceTickers.Admission(_limits),
        ServiceTickers.Checks(_checker, _hangUps),
        new Ticker("local faults", () => LocalFaults.Interval, _ => _localFaults.Report(), _localFaults.FinishAsync),
        new Ticker("refused clients", () => RefusedClients.Interval, _ => _refusedClients.Report(), _refusedClients.FinishAsync),
        ServiceTickers.Decisions(_health),
        ServiceTickers.Names(_discovery),
        ServiceTickers.Certificates(new CertificateExpiry(_options, _timeProvider, LoggerOf<CertificateExpiry>()), _tls),
        new Ticker("slow start", () => _routes.Tick ?? Timeout.InfiniteTimeSpan, _ => _routes.Advance()),
    ];

    private ILogger<T> LoggerOf<T>() => _loggers.CreateLogger<T>();
}
