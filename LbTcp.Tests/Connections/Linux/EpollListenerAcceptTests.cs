using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>What an accept loop gets from its listener, and where the clients live.</summary>
[Collection(DescriptorNumbers.Name)]
public sealed class EpollListenerAcceptTests
{
    [SkippableFact]
    public async Task AcceptAsync_OneReactorHasMore_TheClientStartsOnTheOther()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = ReactorFixture.Listen();
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
        using ListenSocket listener = ReactorFixture.Listen();
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
        using ListenSocket listener = ReactorFixture.Listen();
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
    public async Task AcceptAsync_LoopOnAnotherThread_ComesToTheReactorAndStays()
    {
        await using var fixture = new ReactorFixture();
        using ListenSocket listener = ReactorFixture.Listen();
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
        using ListenSocket listener = ReactorFixture.Listen();
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
        using ListenSocket listener = ReactorFixture.Listen();
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
}
