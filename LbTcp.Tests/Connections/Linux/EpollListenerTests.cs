using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using Microsoft.Win32.SafeHandles;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>Needs descriptors' numbers for itself, so nothing else may run meanwhile.</summary>
[Collection(DescriptorNumbers.Name)]
public sealed class EpollListenerTests
{
    [SkippableFact]
    public async Task AcceptAsync_OneReactorHasMore_TheClientStartsOnTheOther()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = Listen();
        var shared = new EpollListenSocket(listener, fixture.Table, [fixture.Home, other]);
        IConnectionListener acceptor = shared.Listeners[0];
        var clients = new List<Socket>();
        var connections = new List<EpollConnection>();
        for (int i = 0; i < 10; i++)
        {
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint()));
            await fixture.RunAsync(async () =>
            {
                ConnectionResult accepted = await acceptor.AcceptAsync(CancellationToken.None);
                EpollConnection connection = Assert.IsType<EpollConnection>(accepted.Connection);
                connections.Add(connection);

                await connection.StartAsync();

                Assert.Same(connection.Home.Reactor, Reactor.Current);
                await Task.Run(() => { });
                Assert.Same(connection.Home.Reactor, Reactor.Current);
            });
        }

        Assert.Equal(10, fixture.Home.Clients + other.Clients);
        Assert.InRange(other.Clients, 4, 6);
        foreach (EpollConnection connection in connections)
            await connection.DisposeAsync();
        Assert.Equal((0, 0), (fixture.Home.Clients, other.Clients));
        clients.ForEach(client => client.Dispose());
    }

    [SkippableFact]
    public async Task AcceptAsync_TheOtherReactorHasOneLess_TheClientStaysAtHome()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = Listen();
        IConnectionListener acceptor = new EpollListenSocket(listener, fixture.Table, [fixture.Home, other]).Listeners[0];
        var connections = new List<EpollConnection>();
        for (int i = 0; i < 4; i++)
        {
            using Socket client = await RawSockets.ConnectAsync(listener.EndPoint());
            await fixture.RunAsync(async () => connections.Add(
                Assert.IsType<EpollConnection>((await acceptor.AcceptAsync(CancellationToken.None)).Connection)));
        }

        Assert.Equal([fixture.Home, fixture.Home, other, fixture.Home], connections.Select(connection => connection.Home));
        foreach (EpollConnection connection in connections)
            await connection.DisposeAsync();
    }

    [SkippableFact]
    public async Task AcceptAsync_ManyClientsWait_TheReactorHasTurnsInBetween()
    {
        await using var fixture = new ReactorFixture();
        using ListenSocket listener = Listen();
        IConnectionListener acceptor = new EpollListenSocket(listener, fixture.Table, [fixture.Home]).Listeners[0];
        var clients = new List<Socket>();
        for (int i = 0; i < 30; i++)
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint()));
        int accepted = 0;
        List<int> acceptedByTurn = [];
        await fixture.RunAsync(async () =>
        {
            fixture.Reactor.PostNextTurn(CountTurn, null);
            while (accepted < clients.Count)
            {
                await (await acceptor.AcceptAsync(CancellationToken.None)).Connection!.DisposeAsync();
                accepted++;
            }
        });

        Assert.All(acceptedByTurn.Zip(acceptedByTurn.Skip(1)), turns => Assert.InRange(turns.Second - turns.First, 0, 8));
        Assert.True(acceptedByTurn[0] <= 8 && acceptedByTurn[^1] > 0, string.Join(", ", acceptedByTurn));
        clients.ForEach(client => client.Dispose());

        void CountTurn(object? state)
        {
            acceptedByTurn.Add(accepted);
            if (accepted < clients.Count)
                fixture.Reactor.PostNextTurn(CountTurn, null);
        }
    }

    [SkippableFact]
    public async Task StartAsync_AbortedBefore_FailsAndCountsNoClient()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = Listen();
        var shared = new EpollListenSocket(listener, fixture.Table, [fixture.Home, other]);
        using Socket client = await RawSockets.ConnectAsync(listener.EndPoint());
        Assert.Equal(SocketError.Success, shared.Accept(other, out EpollConnection? connection));
        await fixture.RunAsync(async () =>
        {
            connection!.Abort();
            await Until.TrueAsync(() => other.Clients == 0, "it was closed");
            await fixture.Reactor.EnterAsync();
            ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(async () => await connection.StartAsync());

            Assert.Equal(SocketError.OperationAborted, failure.Error);
        });

        await connection!.DisposeAsync();
        Assert.Equal(0, other.Clients);
    }

    // A loop that stayed elsewhere would cost each client a wake-up of another thread. It comes home with the first accept that has to
    // wait.
    [SkippableFact]
    public async Task AcceptAsync_LoopOnAnotherThread_ComesToTheReactorAndStays()
    {
        await using var fixture = new ReactorFixture();
        using ListenSocket listener = Listen();
        IConnectionListener acceptor = new EpollListenSocket(listener, fixture.Table, [fixture.Home]).Listeners[0];
        int accepted = 0;
        Reactor? last = null;
        Task accepting = Task.Run(async () =>
        {
            while (accepted < 50)
            {
                ConnectionResult result = await acceptor.AcceptAsync(CancellationToken.None);
                last = Reactor.Current;
                await result.Connection!.DisposeAsync();
                _ = Interlocked.Increment(ref accepted);
            }
        });

        for (int i = 1; i <= 50; i++)
        {
            using Socket client = await RawSockets.ConnectAsync(listener.EndPoint());
            await Until.TrueAsync(() => Volatile.Read(ref accepted) == i, "the client is accepted");
        }

        await accepting.Done();
        Assert.Same(fixture.Reactor, last);
    }

    [SkippableFact]
    public async Task AcceptAsync_AfterAPause_FindsTheClientsThatCameMeanwhile()
    {
        await using var fixture = new ReactorFixture();
        using ListenSocket listener = Listen();
        IConnectionListener acceptor = new EpollListenSocket(listener, fixture.Table, [fixture.Home]).Listeners[0];
        var clients = new List<Socket>();
        for (int round = 0; round < 3; round++)
        {
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint()));
            await AcceptAsync();
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint())); // an event without a pending accept ends the events
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint()));
            await fixture.RunAsync(async () => await fixture.Reactor.NextTurnAsync());
            await AcceptAsync();
            await AcceptAsync();
        }

        clients.ForEach(client => client.Dispose());

        async Task AcceptAsync()
        {
            ConnectionResult accepted = await acceptor.AcceptAsync(CancellationToken.None).AsTask().Done();
            await Assert.IsType<EpollConnection>(accepted.Connection).DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task AcceptAsync_TheTokenOfAnEarlierCallFires_GoesOnWaiting()
    {
        await using var fixture = new ReactorFixture();
        using ListenSocket listener = Listen();
        IConnectionListener acceptor = new EpollListenSocket(listener, fixture.Table, [fixture.Home]).Listeners[0];
        using var earlier = new CancellationTokenSource();
        using var later = new CancellationTokenSource();
        using Socket client = await RawSockets.ConnectAsync(listener.EndPoint());
        await fixture.RunAsync(async () =>
        {
            await (await acceptor.AcceptAsync(earlier.Token)).Connection!.DisposeAsync();

            earlier.Cancel();
            Task<ConnectionResult> accepting = acceptor.AcceptAsync(later.Token).AsTask();
            await fixture.Reactor.NextTurnAsync();
            await fixture.Reactor.NextTurnAsync();

            Assert.False(accepting.IsCompleted);
            later.Cancel();
            Assert.Equal(SocketError.OperationAborted, (await accepting).Error);
        });
    }

    // The descriptor's number may be a connection's before the listeners are disposed.
    [SkippableFact]
    public async Task Dispose_TheSocketWasClosedAndItsNumberUsedAgain_LeavesTheOther()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = Listen();
        int descriptor = (int)listener.Socket.Handle;
        IReadOnlyList<IConnectionListener> acceptors = new EpollListenSocket(listener, fixture.Table, [fixture.Home, other]).Listeners;
        using var stopping = new CancellationTokenSource();
        Task<ConnectionResult>[] accepting = [.. acceptors.Select(acceptor => acceptor.AcceptAsync(stopping.Token).AsTask())];
        await fixture.RunAsync(() => { });
        await stopping.CancelAsync();
        _ = await Task.WhenAll(accepting).Done();

        listener.Dispose();
        EpollConnection? connection = null;
        await fixture.RunAsync(() =>
        {
            connection = fixture.DialAs(descriptor);
            Assert.True(connection.TryRegister());
            foreach (IConnectionListener acceptor in acceptors)
                acceptor.Dispose();
        });

        await Until.TrueAsync(() => connection!.IsWritable, "the connection is told of its events");
    }

    [SkippableFact]
    public async Task Dispose_TheLastListener_RemovesTheHandler()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = Listen();
        IReadOnlyList<IConnectionListener> acceptors = new EpollListenSocket(listener, fixture.Table, [fixture.Home, other]).Listeners;
        ulong token = fixture.Table.TokenOf((int)listener.Socket.Handle);

        acceptors[0].Dispose();
        Assert.NotNull(fixture.Table.Find(token));
        acceptors[1].Dispose();

        Assert.Null(fixture.Table.Find(token));
    }

    [SkippableFact]
    public async Task Dispose_Twice_LeavesTheOtherListener()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = Listen();
        IReadOnlyList<IConnectionListener> acceptors = new EpollListenSocket(listener, fixture.Table, [fixture.Home, other]).Listeners;

        acceptors[1].Dispose(); // its loop was never started
        acceptors[1].Dispose();

        Task<ConnectionResult> accepting = acceptors[0].AcceptAsync(CancellationToken.None).AsTask();
        using Socket client = await RawSockets.ConnectAsync(listener.EndPoint());
        await (await accepting.Done()).Connection!.DisposeAsync();
    }

    // A file cannot be in an epoll set.
    [SkippableFact]
    public async Task StartAsync_SystemRefusesDuringAnAbort_ContinuesOnce()
    {
        await using var fixture = new ReactorFixture();
        for (int round = 0; round < 1_000; round++)
        {
            using SafeFileHandle file = File.OpenHandle("/dev/null");
            var connection = new EpollConnection(
                fixture.Home, (int)file.DangerousGetHandle(), ConnectionSide.Client, new IPEndPoint(IPAddress.Loopback, 1));
            file.SetHandleAsInvalid(); // the connection closes it
            var start = new RemoteStart(connection);
            int continuations = 0;
            using var barrier = new Barrier(2);
            Task aborting = fixture.RunAsync(() =>
            {
                barrier.SignalAndWait();
                connection.Abort();
            });
            await Task.Run(() =>
            {
                barrier.SignalAndWait();
                start.OnCompleted(_ => continuations++, null, 0, ValueTaskSourceOnCompletedFlags.None);
            }).Done();
            await aborting.Done();

            await fixture.RunAsync(async () => await fixture.Reactor.NextTurnAsync());

            Assert.Equal(1, Volatile.Read(ref continuations));
            Assert.Throws<ConnectionException>(() => start.GetResult(0));
        }
    }

    private static ListenSocket Listen()
    {
        ListenSocket listener = RawSockets.Open();
        listener.Socket.Blocking = false;
        return listener;
    }
}
