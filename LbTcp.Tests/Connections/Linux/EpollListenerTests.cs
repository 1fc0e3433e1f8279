using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>Needs descriptors' numbers for itself, so nothing else may run meanwhile.</summary>
[Collection(nameof(EpollConnectionTests))]
public sealed class EpollListenerTests
{
    [SkippableFact]
    public async Task AcceptAsync_OneReactorHasMore_TheClientStartsOnTheOther()
    {
        await using var fixture = new ReactorFixture();
        using var other = new Reactor(fixture.Table, new TransportOptions(), pipeLimit: 1, "other reactor");
        TcpListener listener = Listen();
        using var acceptor = new EpollListener(listener, fixture.Sockets, fixture.Reactor, [fixture.Reactor, other]);
        var clients = new List<Socket>();
        var connections = new List<EpollConnection>();
        for (int i = 0; i < 10; i++)
        {
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint()));
            await fixture.RunAsync(async () =>
            {
                AcceptResult accepted = await acceptor.AcceptAsync(CancellationToken.None);
                EpollConnection connection = Assert.IsType<EpollConnection>(accepted.Connection);
                connections.Add(connection);

                await connection.StartAsync();

                Assert.Same(connection.Reactor, Reactor.Current);
            });
        }

        Assert.Equal(10, fixture.Reactor.Clients + other.Clients);
        Assert.InRange(other.Clients, 4, 6);
        foreach (EpollConnection connection in connections)
            await connection.DisposeAsync();
        Assert.Equal((0, 0), (fixture.Reactor.Clients, other.Clients));
        clients.ForEach(client => client.Dispose());
    }

    [SkippableFact]
    public async Task StartAsync_AbortedBefore_FailsAndCountsNoClient()
    {
        await using var fixture = new ReactorFixture();
        using var other = new Reactor(fixture.Table, new TransportOptions(), pipeLimit: 1, "other reactor");
        TcpListener listener = Listen();
        using var acceptor = new EpollListener(listener, fixture.Sockets, fixture.Reactor, [fixture.Reactor, other]);
        using Socket client = await RawSockets.ConnectAsync(listener.EndPoint());
        Assert.Equal(SocketError.Success, fixture.Sockets.Accept((int)listener.Server.Handle, other, out EpollConnection? connection));
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

    [SkippableFact]
    public async Task AcceptAsync_AfterAPause_FindsWhoeverCameMeanwhile()
    {
        await using var fixture = new ReactorFixture();
        TcpListener listener = Listen();
        using var acceptor = new EpollListener(listener, fixture.Sockets, fixture.Reactor, [fixture.Reactor]);
        var clients = new List<Socket>();
        for (int round = 0; round < 3; round++)
        {
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint()));
            await AcceptAsync();
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint())); // an event that nobody waits for ends the events
            clients.Add(await RawSockets.ConnectAsync(listener.EndPoint()));
            await fixture.RunAsync(async () => await fixture.Reactor.NextTurnAsync());
            await AcceptAsync();
            await AcceptAsync();
        }

        clients.ForEach(client => client.Dispose());

        async Task AcceptAsync()
        {
            AcceptResult accepted = await acceptor.AcceptAsync(CancellationToken.None).AsTask().Done();
            await Assert.IsType<EpollConnection>(accepted.Connection).DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task AcceptAsync_TheTokenOfAnEarlierCallFires_GoesOnWaiting()
    {
        await using var fixture = new ReactorFixture();
        TcpListener listener = Listen();
        using var acceptor = new EpollListener(listener, fixture.Sockets, fixture.Reactor, [fixture.Reactor]);
        using var earlier = new CancellationTokenSource();
        using var later = new CancellationTokenSource();
        using Socket client = await RawSockets.ConnectAsync(listener.EndPoint());
        await fixture.RunAsync(async () =>
        {
            await (await acceptor.AcceptAsync(earlier.Token)).Connection!.DisposeAsync();

            earlier.Cancel();
            Task<AcceptResult> accepting = acceptor.AcceptAsync(later.Token).AsTask();
            await fixture.Reactor.NextTurnAsync();
            await fixture.Reactor.NextTurnAsync();

            Assert.False(accepting.IsCompleted);
            later.Cancel();
            Assert.Equal(SocketError.OperationAborted, (await accepting).Error);
        });
    }

    // The first of a socket's listeners closes it; its number may be a connection's before the second is disposed.
    [SkippableFact]
    public async Task Dispose_TheSocketWasClosedAndItsNumberUsedAgain_LeavesTheOther()
    {
        await using var fixture = new ReactorFixture();
        using var other = new Reactor(fixture.Table, new TransportOptions(), pipeLimit: 1, "other reactor");
        TcpListener listener = Listen();
        int descriptor = (int)listener.Server.Handle;
        Reactor[] reactors = [other, fixture.Reactor];
        EpollListener[] acceptors = [.. reactors.Select(home => new EpollListener(listener, fixture.Sockets, home, reactors))];
        using var stopping = new CancellationTokenSource();
        Task<AcceptResult>[] accepting = [.. acceptors.Select(acceptor => acceptor.AcceptAsync(stopping.Token).AsTask())];
        await fixture.RunAsync(() => { });
        await stopping.CancelAsync();
        _ = await Task.WhenAll(accepting).Done();

        acceptors[0].Dispose();
        EpollConnection? connection = null;
        await fixture.RunAsync(() =>
        {
            connection = fixture.DialAs(descriptor);
            Assert.True(connection.TryRegister());
            acceptors[1].Dispose();
        });

        await Until.TrueAsync(() => connection!.IsWritable, "the connection is told of its events");
    }

    private static TcpListener Listen()
    {
        TcpListener listener = RawSockets.Listen();
        listener.Server.Blocking = false;
        return listener;
    }
}
