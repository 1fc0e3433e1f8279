using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests;

public sealed class LoadBalancerTests : IDisposable
{
    // Timers of the sweep, of the drain's progress and of its deadline, or of a pause.
    private readonly WatchedClock _clock = new();
    private readonly LogRecorder<LoadBalancer> _logs = new();
    private readonly LogRecorder<ConnectionHandler> _handlerLogs = new();
    private readonly ConcurrentQueue<InMemoryConnection> _backends = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly Script _script = new();
    private readonly ActiveConnections _connections;
    private readonly ForwardingOptions _forwarding = new();

    public LoadBalancerTests() => _connections = new ActiveConnections(limit: 2, _forwarding, _clock);

    public void Dispose()
    {
        _stopping.Dispose();
        _aborting.Dispose();
    }

    [Fact]
    public async Task RunAsync_AskedToStopWithNothingOpen_StopsAtOnceAndClosesThePort()
    {
        Task<bool> run = Run();

        await _stopping.CancelAsync();

        Assert.True(await run.Done());
        _script.Listener.Received().Dispose();
        Assert.Empty(_logs.Of(EventIds.Draining));
    }

    [Fact]
    public async Task RunAsync_ClientsResetBeforeTheyAreAccepted_ServesTheNext()
    {
        Task<bool> run = Run();

        for (int i = 0; i < 1000; i++)
            _script.Fail(i % 2 == 0 ? SocketError.ConnectionReset : SocketError.ConnectionAborted);
        _ = _script.Connect();

        await Until.TrueAsync(() => _connections.Count == 1, "the next client is served");
        await StopAsync(run);
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.NetworkDown)]
    [InlineData(SocketError.ProtocolOption)]
    [InlineData(SocketError.AccessDenied)]
    [InlineData(SocketError.SocketError)]
    public async Task RunAsync_NoResources_PausesAndWarnsOnceASecond(SocketError error)
    {
        Task<bool> run = Run();

        for (int i = 0; i < 25; i++)
        {
            _script.Fail(error);
            await _clock.HasTimersAsync(i + 2);
            Assert.Equal(i + 1, _script.Accepts);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(3, _logs.Of(EventIds.AcceptOutOfDescriptors).Count);
        _ = _script.Connect();
        await Until.TrueAsync(() => _connections.Count == 1, "the next client is served");
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_UnknownError_StopsAllLoopsInOrderAndSaysSo()
    {
        var other = new Script();
        Task<bool> run = Run(_script.Listener, other.Listener);
        InMemoryConnection client = other.Connect();
        await Until.TrueAsync(() => _connections.Count == 1, "a client is served");

        _script.Fail(SocketError.InvalidArgument);
        await Until.TrueAsync(() => _logs.Of(EventIds.Draining).Count == 1, "it drains");
        await EndAsync(client);

        Assert.False(await run.Done());
        Assert.Equal(LogLevel.Critical, Assert.Single(_logs.Of(EventIds.ServiceFailed)).Level);
        Assert.Equal(ConnectionEndReason.Completed, Assert.Single(_handlerLogs.States<ConnectionEndRecord>()).Reason);
    }

    [Fact]
    public async Task RunAsync_ListenerThrows_StopsInOrderAndSaysSo()
    {
        IConnectionListener listener = Substitute.For<IConnectionListener>();
        listener.AcceptAsync(CancellationToken.None).ReturnsForAnyArgs<ValueTask<AcceptResult>>(_ => throw new InvalidOperationException("a defect"));

        Assert.False(await Run(listener).Done());

        _ = Assert.Single(_logs.Of(EventIds.ServiceFailed));
    }

    [Fact]
    public async Task RunAsync_ListenerClosedByOthers_IsAFailure()
    {
        Task<bool> run = Run();

        _script.Fail(SocketError.OperationAborted);

        Assert.False(await run.Done());
    }

    [Fact]
    public async Task RunAsync_AtTheLimit_AcceptsNobodyUntilAPlaceIsFree()
    {
        Task<bool> run = Run();
        InMemoryConnection first = _script.Connect();
        _ = _script.Connect();
        await Until.TrueAsync(() => _logs.Of(EventIds.ConnectionLimitReached).Count == 1, "the limit is reached");
        Assert.Equal(2, _script.Accepts);

        _ = _script.Connect();
        Assert.Equal(2, _connections.Count);
        first.Abort();

        await Until.TrueAsync(() => _script.Accepts == 3 && _connections.Count == 2, "the third is served");
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_ClientsComeAndGoAtTheLimit_SaysSoOnceAndOnceThatItIsOver()
    {
        Task<bool> run = Run();
        Queue<InMemoryConnection> clients = new([_script.Connect(), _script.Connect()]);
        for (int accepts = 3; accepts <= 50; accepts++)
        {
            await Until.TrueAsync(() => _connections.Count == 2, "the limit is reached");
            clients.Enqueue(_script.Connect());
            clients.Dequeue().Abort();
            await Until.TrueAsync(() => _script.Accepts == accepts, "the next is accepted");
        }

        _ = Assert.Single(_logs.Of(EventIds.ConnectionLimitReached));
        Assert.Empty(_logs.Of(EventIds.ConnectionLimitLeft));
        foreach (InMemoryConnection client in clients)
            client.Abort();
        await Until.TrueAsync(() => _connections.Count == 0, "all have left");
        _ = _script.Connect();
        await Until.TrueAsync(() => _logs.Of(EventIds.ConnectionLimitLeft).Count == 1, "it says that it is over");
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_StoppedAtTheLimit_Drains()
    {
        Task<bool> run = Run();
        _ = _script.Connect();
        _ = _script.Connect();
        await Until.TrueAsync(() => _logs.Of(EventIds.ConnectionLimitReached).Count == 1, "the limit is reached");

        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_Stopping_LetsOpenConnectionsFinish()
    {
        Task<bool> run = Run();
        InMemoryConnection client = _script.Connect();
        await Until.TrueAsync(() => _connections.Count == 1, "the client is served");

        await _stopping.CancelAsync();
        await _clock.HasTimersAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => _logs.Of(EventIds.DrainProgress).Count == 1, "it has told of its progress");
        Assert.False(run.IsCompleted);
        await EndAsync(client);

        Assert.True(await run.Done());
        Assert.Equal("drained completed=1 cut=0 duration=00:00:01", Assert.Single(_logs.Of(EventIds.Drained)).Message);
        Assert.Equal(ConnectionEndReason.Completed, Assert.Single(_handlerLogs.States<ConnectionEndRecord>()).Reason);
    }

    [Fact]
    public async Task RunAsync_DrainTakesTooLong_CutsWhatIsLeft()
    {
        Task<bool> run = Run();
        InMemoryConnection client = _script.Connect();
        await Until.TrueAsync(() => _connections.Count == 1, "the client is served");
        await _stopping.CancelAsync();
        await _clock.HasTimersAsync(3);

        for (int second = 1; second < 30; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Until.TrueAsync(() => _logs.Of(EventIds.DrainProgress).Count == second, "it has told of its progress");
        }

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await run.Done());
        Assert.True(client.IsReset);
        Assert.Equal("drained completed=0 cut=1 duration=00:00:30", Assert.Single(_logs.Of(EventIds.Drained)).Message);
        Assert.Equal(ConnectionEndReason.DrainTimeout, Assert.Single(_handlerLogs.States<ConnectionEndRecord>()).Reason);
    }

    [Fact]
    public async Task RunAsync_SecondSignal_CutsAtOnce()
    {
        Task<bool> run = Run();
        InMemoryConnection client = _script.Connect();
        await Until.TrueAsync(() => _connections.Count == 1, "the client is served");

        await _stopping.CancelAsync();
        await _aborting.CancelAsync();

        Assert.True(await run.Done());
        Assert.True(client.IsReset);
        Assert.Equal(0, _connections.Count);
    }

    private Task<bool> Run(params IConnectionListener[] listeners)
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(null!, CancellationToken.None).ReturnsForAnyArgs(_ =>
        {
            (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair();
            _backends.Enqueue(backend);
            return ValueTask.FromResult(new ConnectResult(connection, SocketError.Success));
        });
        var pool = new BackendPool(["10.0.0.1:80"]);
        pool.Balance(new RoundRobinPolicy());
        var handler = new ConnectionHandler(
            _connections,
            new ConnectionQueue(pool, _forwarding, _clock),
            new AddressConnector(connector, _forwarding),
            Substitute.For<IConnectTracker>(),
            _forwarding,
            _handlerLogs);
        var balancer = new LoadBalancer(
            listeners is [] ? [_script.Listener] : listeners,
            _connections,
            handler,
            new LoadBalancerOptions { MaxConnections = 2, DrainTimeout = TimeSpan.FromSeconds(30) },
            _clock,
            _logs);
        return Task.Run(() => balancer.RunAsync(_stopping.Token, _aborting.Token));
    }

    private async Task EndAsync(InMemoryConnection client)
    {
        await client.Output.CompleteAsync();
        foreach (InMemoryConnection backend in _backends)
            await backend.Output.CompleteAsync();
    }

    private async Task StopAsync(Task<bool> run)
    {
        await _stopping.CancelAsync();
        await _aborting.CancelAsync();
        Assert.True(await run.Done());
        Assert.Equal(0, _connections.Count);
    }

    /// <summary>A listener that accepts what the test says.</summary>
    private sealed class Script
    {
        private readonly Channel<AcceptResult> _results = Channel.CreateUnbounded<AcceptResult>();
        private int _accepts;

        public Script()
        {
            Listener.AcceptAsync(CancellationToken.None).ReturnsForAnyArgs(call => AcceptAsync(call.Arg<CancellationToken>()));
        }

        public IConnectionListener Listener { get; } = Substitute.For<IConnectionListener>();

        /// <summary>How often somebody began to accept.</summary>
        public int Accepts => Volatile.Read(ref _accepts);

        public void Fail(SocketError error) => Assert.True(_results.Writer.TryWrite(new AcceptResult(null, error)));

        public InMemoryConnection Connect()
        {
            (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
            Assert.True(_results.Writer.TryWrite(new AcceptResult(connection, SocketError.Success)));
            return client;
        }

        private async ValueTask<AcceptResult> AcceptAsync(CancellationToken cancellationToken)
        {
            _ = Interlocked.Increment(ref _accepts);
            try
            {
                return await _results.Reader.ReadAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return new AcceptResult(null, SocketError.OperationAborted);
            }
        }
    }
}
