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
    public async Task StartAsync_AbortedBefore_FailsAndCountsNoClient()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = ReactorFixture.Listen();
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
    // The descriptor's number may be a connection's before the listeners are disposed.
    [SkippableFact]
    public async Task Dispose_TheSocketWasClosedAndItsNumberUsedAgain_LeavesTheOther()
    {
        await using var fixture = new ReactorFixture();
        using RelayThread other = fixture.StartOther();
        using ListenSocket listener = ReactorFixture.Listen();
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
        using ListenSocket listener = ReactorFixture.Listen();
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
        using ListenSocket listener = ReactorFixture.Listen();
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
}
