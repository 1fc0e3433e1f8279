using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Tests.Connections;
using LbTcp.Tests.Discovery;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>A whole service over a real transport, in front of one backend that the test plays.</summary>
internal sealed class TransportService : IAsyncDisposable
{
    /// <summary>Bytes that a peer's system takes for it; so few that most of what is under way waits in the balancer.</summary>
    public const int SmallBuffer = 16 * 1024;

    private readonly Socket _backend;
    private readonly ListenSocket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LogRecorder<ConnectionHandler> _logs = new();
    private readonly ITransport _transport;
    private readonly BackendPool _pool;
    private readonly ConnectionQueue _queue;
    private readonly Task<bool> _run;

    public TransportService(
        string transport,
        int limit = 1_000,
        int backendLimit = 0,
        TimeSpan? halfCloseTimeout = null,
        TimeSpan? firstByteTimeout = null,
        ConnectionStages? stages = null)
    {
        var defaults = new ForwardingOptions();
        var options = new CurrentOptions<ForwardingOptions>(
            defaults with
            {
                HalfCloseTimeout = halfCloseTimeout ?? defaults.HalfCloseTimeout,
                FirstByteTimeout = firstByteTimeout ?? defaults.FirstByteTimeout,
            });
        FirstBytes = new FirstByteWatch(AnswerTracker, options, TimeProvider.System);
        _transport = Transports.Create(transport);
        _backend = RawSockets.ListenAt(Transports.BackendSide(transport));
        _listener = ListenSocket.Open(Transports.ClientSide(transport));
        _pool = new BackendPool([TestBackends.Limited(_backend.LocalEndPoint!.ToString()!, backendLimit)]);
        Connections = new ActiveConnections(new ConnectionSlots(limit), new ConnectionIds(), options, TimeProvider.System);
        _queue = new ConnectionQueue(_pool.BalancedBy(new RoundRobinPolicy()).Balancer, options, TimeProvider.System);
        var current = new CurrentOptions<ConnectionStages>(stages ?? new ConnectionStages());
        var localFaults = new LocalFaults(new LogRecorder<LocalFaults>());
        var handler = new ConnectionHandler(
            Connections,
            new FailoverConnector(
                _queue,
                HostConnectors.Over(_transport.Connector),
                Substitute.For<IConnectTracker>(),
                localFaults,
                traffic: null,
                current,
                options,
                TimeProvider.System),
            current,
            localFaults,
            Access.Refused(),
            FirstBytes,
            traffic: null,
            options,
            _logs);
        var names = new DiscoveryFixture();
        var balancer = new LoadBalancer(
            new BackendDiscovery(_pool, names.Names, names.Own, names.Logs),
            new CurrentServiceOptions(new ServiceOptions { Backends = [] }),
            [ServicePort.Of(_listener.LocalEndPoint, _listener, _transport)],
            new AcceptLoop(Connections, handler, TimeProvider.System, new LogRecorder<AcceptLoop>()),
            new ConnectionDrain(Connections, () => TimeSpan.FromSeconds(30), TimeProvider.System, new LogRecorder<ConnectionDrain>()),
            [
                new Ticker("time limits", () => Connections.SweepInterval, _ => Connections.Sweep()),
                new Ticker("first bytes", () => TimeSpan.FromMilliseconds(5), _ => FirstBytes.Look()),
            ],
            TimeProvider.System,
            new LogRecorder<LoadBalancer>());
        _run = Task.Run(() => new ServiceGroup([balancer]).RunAsync(_stopping.Token, _stopping.Token));
    }

    public ActiveConnections Connections { get; }

    public IAnswerTracker AnswerTracker { get; } = Substitute.For<IAnswerTracker>();

    public FirstByteWatch FirstBytes { get; }

    /// <summary>The only backend.</summary>
    public Backend Backend => _pool.GetAllBackends()[0];

    /// <summary>How many connections are counted against the backend.</summary>
    public int Counted => _pool.GetAllBackends()[0].BusyConnections;

    /// <summary>How many slots of the backend are taken.</summary>
    public int Open => _pool.GetAllBackends()[0].OpenConnections;

    /// <summary>How many clients wait for a slot.</summary>
    public int Waiting => _queue.Length;

    /// <summary>The end records so far.</summary>
    public IReadOnlyList<ConnectionEndRecord> Records => _logs.States<ConnectionEndRecord>();

    /// <summary>A client's socket, and the backend's for the same connection. One at a time.</summary>
    public async Task<(Socket Client, Socket Backend)> ConnectAsync(int? clientReceiveBuffer = null, int? backendReceiveBuffer = null)
    {
        if (backendReceiveBuffer is { } size)
            _backend.ReceiveBufferSize = size;
        Socket client = await RawSockets.ConnectAsync(_listener.LocalEndPoint, clientReceiveBuffer);
        return (client, await AcceptAsync());
    }

    public Task<Socket> ConnectClientAsync() => RawSockets.ConnectAsync(_listener.LocalEndPoint);

    public Task<Socket> AcceptAsync(CancellationToken cancellationToken = default) =>
        _backend.AcceptAsync(cancellationToken).AsTask().Done();

    /// <summary>The end record of the only connection, when it has ended.</summary>
    public async Task<ConnectionEndRecord> RecordAsync()
    {
        await Until.TrueAsync(() => Connections.Count == 0 && _logs.States<ConnectionEndRecord>().Count > 0, "the connection has ended");
        Assert.Equal(0, Counted);
        return Assert.Single(_logs.States<ConnectionEndRecord>());
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Assert.True(await _run.Done());
        _backend.Dispose();
        _transport.Dispose();
        _stopping.Dispose();
    }
}
