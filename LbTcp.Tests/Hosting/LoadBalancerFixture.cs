using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Tests.Discovery;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Hosting;

/// <summary>A <see cref="LoadBalancer"/> over memory for two connections at a time, with a backend that accepts every client.</summary>
internal sealed class LoadBalancerFixture : IDisposable
{
    private readonly ConcurrentQueue<InMemoryConnection> _backends = new();
    private readonly CurrentOptions<ForwardingOptions> _forwarding = new(new ForwardingOptions());

    public LoadBalancerFixture()
        : this(new ConnectionSlots(2), new ConnectionIds())
    {
    }

    /// <summary>A balancer that shares slots and numbers with others.</summary>
    public LoadBalancerFixture(ConnectionSlots slots, ConnectionIds ids) =>
        Connections = new ActiveConnections(slots, ids, _forwarding, Clock);

    /// <summary>Its timers are those of the sweep, of the drain's progress and of its deadline, or of a pause.</summary>
    public WatchedClock Clock { get; } = new();

    public LogRecorder<LoadBalancer> Logs { get; } = new();

    public LogRecorder<AcceptLoop> AcceptLogs { get; } = new();

    public LogRecorder<ConnectionDrain> DrainLogs { get; } = new();

    /// <summary>The periodic work of the balancer in addition to the sweep.</summary>
    public List<Ticker> Tickers { get; } = [];

    public LogRecorder<ConnectionHandler> HandlerLogs { get; } = new();

    public CancellationTokenSource Stopping { get; } = new();

    public CancellationTokenSource Aborting { get; } = new();

    /// <summary>The address of the only port.</summary>
    public static EndPoint Address { get; } = new IPEndPoint(IPAddress.Loopback, 8080);

    /// <summary>The socket of the only port.</summary>
    public IDisposable Sockets { get; } = Substitute.For<IDisposable>();

    /// <summary>The clients, unless the test has listeners of its own.</summary>
    public ListenerScript Script { get; } = new();

    public ActiveConnections Connections { get; }

    /// <summary>The addresses that were dialled, in order.</summary>
    public ConcurrentQueue<string> Dials { get; } = new();

    /// <summary>Runs the balancer alone.</summary>
    /// <param name="listeners">That of <see cref="Script"/> when there are none.</param>
    public Task<bool> Run(params IConnectionListener[] listeners)
    {
        LoadBalancer balancer = Create(listeners);
        return Task.Run(() => new ServiceGroup([balancer]).RunAsync(Stopping.Token, Aborting.Token));
    }

    /// <inheritdoc cref="Run"/>
    public LoadBalancer Create(params IConnectionListener[] listeners)
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(null!, null, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            Dials.Enqueue($"{call.Arg<EndPoint>()}");
            (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
            _backends.Enqueue(backend);
            return ValueTask.FromResult(new ConnectionResult(connection, SocketError.Success));
        });
        var pool = new BackendPool(["10.0.0.1:80"]);
        var stages = new CurrentOptions<ConnectionStages>(new ConnectionStages());
        var localFaults = new LocalFaults(new LogRecorder<LocalFaults>());
        var handler = new ConnectionHandler(
            Connections,
            new FailoverConnector(
                new ConnectionQueue(pool.BalancedBy(new RoundRobinPolicy()).Balancer, _forwarding, Clock),
                HostConnectors.Over(connector),
                Substitute.For<IConnectTracker>(),
                localFaults,
                traffic: null,
                stages,
                _forwarding,
                Clock),
            stages,
            localFaults,
            Access.Refused(),
            new FirstByteWatch(Substitute.For<IAnswerTracker>(), _forwarding, Clock),
            traffic: null,
            _forwarding,
            HandlerLogs);
        var names = new DiscoveryFixture();
        return new LoadBalancer(
            new BackendDiscovery(pool, names.Names, names.Own, names.Logs),
            new CurrentServiceOptions(new ServiceOptions { Backends = Pools.Options("10.0.0.1:80") }),
            [new ServicePort(Address, Address, Sockets, listeners is [] ? [Script.Listener] : listeners)],
            new AcceptLoop(Connections, handler, Clock, AcceptLogs),
            new ConnectionDrain(Connections, () => TimeSpan.FromSeconds(30), Clock, DrainLogs),
            [new Ticker("time limits", () => Connections.SweepInterval, _ => Connections.Sweep()), .. Tickers],
            Clock,
            Logs);
    }

    /// <summary>Ends the connection of a client in order, from both sides.</summary>
    public async Task EndAsync(InMemoryConnection client)
    {
        await client.Output.CompleteAsync();
        foreach (InMemoryConnection backend in _backends)
            await backend.Output.CompleteAsync();
    }

    /// <summary>Stops a balancer at once, and asserts that nothing is left of it.</summary>
    public async Task StopAsync(Task<bool> run)
    {
        await Stopping.CancelAsync();
        await Aborting.CancelAsync();
        Assert.True(await run.Done());
        Assert.Equal(0, Connections.Count);
    }

    public void Dispose()
    {
        Stopping.Dispose();
        Aborting.Dispose();
    }
}
