using System.Net;
using System.Net.Sockets;
using LbTcp.Admission;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>
/// A <see cref="ConnectionHandler"/> over memory: three backends that are dialled as the test says, the first available one first.
/// </summary>
internal sealed class HandlerFixture
{
    private readonly Dictionary<string, Func<CancellationToken, ValueTask<ConnectionResult>>> _answers = [];
    private readonly CurrentOptions<ForwardingOptions> _options;

    public HandlerFixture(
        ForwardingOptions? options = null,
        IBalancingPolicy? policy = null,
        ILogger<ConnectionHandler>? logger = null,
        ConnectionStages? stages = null,
        string[]? backends = null,
        Func<BackendPool, TimeProvider, IConnectTracker>? tracker = null,
        AccessControl? access = null)
    {
        Pool = Pools.Of(backends ?? ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"]);
        Tracker = tracker?.Invoke(Pool, Clock) ?? Substitute.For<IConnectTracker>();
        _options = new CurrentOptions<ForwardingOptions>(options ?? new ForwardingOptions());
        Connections = new ActiveConnections(new ConnectionSlots(200), new ConnectionIds(), _options, Clock);
        Connector.ConnectAsync(null!, null, CancellationToken.None).ReturnsForAnyArgs(
            call => Dial((IPEndPoint)call.Arg<EndPoint>(), call.Arg<CancellationToken>()));
        Queue = new ConnectionQueue(Pool.BalancedBy(policy ?? new FirstPolicy()).Balancer, _options, Clock);
        LocalFaults = new LocalFaults(LocalFaultLogs);
        Traffic = new ServiceTraffic(Connections);
        Stages = new CurrentOptions<ConnectionStages>(stages ?? new ConnectionStages());
        Failover = new FailoverConnector(Queue, HostConnectors.Over(Connector), Tracker, LocalFaults, Traffic, Stages, _options, Clock);
        FirstBytes = new FirstByteWatch(AnswerTracker, _options, Clock);
        RefusedClients = Access.Refused(access, RefusedLogs);
        Handler = new ConnectionHandler(
            Connections, Failover, Stages, LocalFaults, RefusedClients, FirstBytes, Traffic, _options, logger ?? Logs);
    }

    public BackendPool Pool { get; }

    public JumpingClock Clock { get; } = new();

    public LogRecorder<ConnectionHandler> Logs { get; } = new();

    public LogRecorder<LocalFaults> LocalFaultLogs { get; } = new();

    public LocalFaults LocalFaults { get; }

    public LogRecorder<RefusedClients> RefusedLogs { get; } = new();

    public RefusedClients RefusedClients { get; }

    public ServiceTraffic Traffic { get; }

    public IBackendConnector Connector { get; } = Substitute.For<IBackendConnector>();

    public IConnectTracker Tracker { get; }

    public IAnswerTracker AnswerTracker { get; } = Substitute.For<IAnswerTracker>();

    public FirstByteWatch FirstBytes { get; }

    public CurrentOptions<ConnectionStages> Stages { get; }

    public ActiveConnections Connections { get; }

    public ConnectionQueue Queue { get; }

    public FailoverConnector Failover { get; }

    public ConnectionHandler Handler { get; }

    /// <summary>The addresses dialled so far, in order.</summary>
    public List<string> Dials { get; } = [];

    /// <summary>The one end record.</summary>
    public ConnectionEndRecord Record => Assert.Single(Logs.States<ConnectionEndRecord>());

    /// <summary>How many connections are counted against each backend.</summary>
    public IEnumerable<int> Counts => Pool.GetAllBackends().Select(backend => backend.BusyConnections);

    /// <summary>Waits until the backends are counted for so many connections.</summary>
    public Task CountedAsync(params int[] counts) =>
        Until.TrueAsync(() => Counts.SequenceEqual(counts), $"the backends have {string.Join(", ", counts)} connections");

    /// <summary>Backend <paramref name="number"/> (1 to 3) cannot be reached.</summary>
    public void Fails(int number, SocketError error) => Answers(number, _ => ValueTask.FromResult(new ConnectionResult(null, error)));

    /// <summary>Dials of backend <paramref name="number"/> hang until they are cancelled.</summary>
    public void Hangs(int number) => Answers(number, async cancellationToken =>
    {
        var cancelled = new TaskCompletionSource();
        using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
        return new ConnectionResult(null, SocketError.OperationAborted);
    });

    /// <summary>Backend <paramref name="number"/> takes one connection.</summary>
    /// <returns>Both ends of it: the handler's and the backend's.</returns>
    public (InMemoryConnection Connection, InMemoryConnection Peer) Serves(int number)
    {
        var pair = InMemoryConnection.CreatePair(EndPoint(number), side: ConnectionSide.Backend);
        Answers(number, _ => ValueTask.FromResult(new ConnectionResult(pair.Connection, SocketError.Success)));
        return pair;
    }

    public void Answers(int number, Func<CancellationToken, ValueTask<ConnectionResult>> answer) =>
        _answers[EndPoint(number).ToString()] = answer;

    /// <summary>Dials of backend <paramref name="number"/> are answered by the test.</summary>
    /// <returns>The dials, in order.</returns>
    public List<ScriptedDial> Scripted(int number)
    {
        List<ScriptedDial> dials = [];
        Answers(number, cancellationToken =>
        {
            dials.Add(new ScriptedDial(EndPoint(number), cancellationToken));
            return dials[^1].Result;
        });
        return dials;
    }

    /// <summary>A client connects, and runs as far as it gets without anybody else.</summary>
    /// <returns>The client's end, and the handling.</returns>
    public (InMemoryConnection Client, Task Handling) Connect()
    {
        (InMemoryConnection connection, InMemoryConnection peer) = InMemoryConnection.CreatePair();
        return (peer, Handle(connection));
    }

    public Task Handle(IConnection client) =>
        Inline.Run(async () => await Handler.HandleAsync(await Connections.TrackAsync(client, CancellationToken.None)));

    /// <summary>Lets time pass; the sweep looks at the end of it.</summary>
    public void Pass(TimeSpan time)
    {
        Connections.Sweep();
        Clock.Advance(time);
        Failover.Hedges.Check();
        Connections.Sweep();
    }

    /// <summary>The checks have found every backend down.</summary>
    public void MarkAllDown()
    {
        foreach (Backend backend in Pool.GetAllBackends())
            Assert.True(Pool.MarkUnhealthy(backend.Url));
    }

    private static IPEndPoint EndPoint(int number) => IPEndPoint.Parse($"10.0.0.{number}:80");

    private ValueTask<ConnectionResult> Dial(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Dials.Add(endPoint.ToString());
        return _answers[endPoint.ToString()](cancellationToken);
    }
}
