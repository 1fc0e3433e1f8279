using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>Needs descriptors' numbers for itself, so nothing else may run meanwhile.</summary>
[Collection(DescriptorNumbers.Name)]
public sealed class EpollConnectionTests
{
    [SkippableFact]
    public async Task OnEvents_TheDescriptorWasUsedAgainMeanwhile_TheNewConnectionIsNotTold()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection first, Socket firstPeer) = await fixture.ConnectAsync();
        (EpollConnection second, Socket secondPeer) = await fixture.ConnectAsync();
        EpollConnection? third = null;
        var replaced = new TaskCompletionSource();
        await fixture.RunAsync(() =>
        {
            // Both events come with the same wait, the first one's before the second's.
            first.WaitToRead(new ActionWaiter(() =>
            {
                Assert.True(second.DisposeAsync().IsCompleted);
                third = fixture.DialAs(second.Descriptor);
                Assert.True(third.TryRegister());
                fixture.Reactor.PostNextTurn(_ => replaced.SetResult(), null);
            }));
            _ = firstPeer.Send(new byte[1]);
            _ = secondPeer.Send(new byte[1]);
        });

        await replaced.Task.Done();

        Assert.False(third!.IsReadable);
    }

    [SkippableFact]
    public async Task TryRegister_AfterAnAbort_LeavesTheDescriptorToItsNewOwner()
    {
        await using var fixture = new ReactorFixture();
        await fixture.RunAsync(async () =>
        {
            (EpollConnection used, _) = await fixture.ConnectAsync();
            await fixture.Reactor.EnterAsync();
            await used.DisposeAsync();
            EpollConnection aborted = fixture.DialAs(used.Descriptor);
            aborted.Abort();
            EpollConnection other = fixture.DialAs(aborted.Descriptor);
            Assert.True(other.TryRegister());

            Assert.False(aborted.TryRegister());

            Assert.Same(other, fixture.Table.Find(fixture.Table.TokenOf(other.Descriptor)));
            Assert.Equal(SocketError.OperationAborted, aborted.Failure);
        });
    }

    // A send that fails although the peer is there: nothing will ever arrive that could wake the reader.
    [SkippableFact]
    public async Task Send_FailsForALocalReason_WakesTheReader()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, _) = await fixture.ConnectAsync();
        (EpollConnection destination, _) = await fixture.ConnectAsync();
        Task copy = await fixture.CopyAsync(connection, destination);
        await fixture.RunAsync(async () =>
        {
            await connection.Output.CompleteAsync();
            _ = Assert.Throws<ConnectionException>(() => connection.Send(new byte[1]));
        });

        _ = await Assert.ThrowsAsync<ConnectionException>(() => copy.Done());
        Assert.NotEqual(SocketError.Success, connection.Failure);
        Assert.Equal(SocketError.Success, destination.Failure);
    }

    // The same the other way round. A pipe can be watched, is never writable at its reading end, and is no socket to receive from.
    [SkippableFact]
    public async Task Receive_FailsForALocalReason_WakesTheWriter()
    {
        await using var fixture = new ReactorFixture();
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        var connection = new EpollConnection(
            fixture.Home, (int)pipe.SafePipeHandle.DangerousGetHandle(), ConnectionSide.Backend, new IPEndPoint(IPAddress.Loopback, 1));
        pipe.SafePipeHandle.SetHandleAsInvalid(); // the connection closes it
        bool isWoken = false;
        await fixture.RunAsync(() =>
        {
            Assert.True(connection.TryRegister(new ActionWaiter(() => Volatile.Write(ref isWoken, true))));
            _ = Assert.Throws<ConnectionException>(() => connection.Receive(new byte[1]));
        });

        await Until.TrueAsync(() => Volatile.Read(ref isWoken), "the writer is woken");
        await connection.DisposeAsync();
    }

    [SkippableFact]
    public async Task ConnectAsync_CancelledWhenItHasJustSucceeded_IsAborted()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection first, Socket peer) = await fixture.ConnectAsync();
        using TcpListener listener = RawSockets.Listen();
        using var cancellation = new CancellationTokenSource();
        ValueTask<ConnectionResult> connecting = default;
        await fixture.RunAsync(() =>
        {
            // Both events come with the same wait: the cancellation is asked for before the success is told, and heard of after it.
            first.WaitToRead(new ActionWaiter(() => Task.Run(cancellation.Cancel).Wait()));
            _ = peer.Send(new byte[1]);
            connecting = fixture.Connector.ConnectAsync(listener.EndPoint(), null, cancellation.Token);
        });

        ConnectionResult result = await connecting.AsTask().Done();

        Assert.Equal((null, SocketError.OperationAborted), (result.Connection, result.Error));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PauseAsync_TheConnectionEndsMeanwhile_ContinuesAtOnce(bool isAborted)
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, Socket peer) = await fixture.ConnectAsync();
        var isPausing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task pausing = fixture.RunAsync(async () =>
        {
            ReadinessAwaiter pause = connection.PauseAsync(TimeSpan.FromHours(1));
            Assert.False(pause.IsCompleted);
            isPausing.SetResult();
            await pause;
        });
        await isPausing.Task.Done();

        if (isAborted)
            connection.Abort();
        else
            peer.Reset();

        await pausing.Done();
    }

    [SkippableFact]
    public async Task ConnectAsync_OnAReactorOfAnotherTransport_TheConnectionLivesOnAnOwnOne()
    {
        await using var fixture = new ReactorFixture();
        await using var other = new ReactorFixture();

        await other.RunAsync(async () => Assert.Same(fixture.Reactor, (await fixture.ConnectAsync()).Connection.Home.Reactor));
    }

    [SkippableFact]
    public async Task ConnectAsync_CancelledBeforeAnAnswer_IsAborted()
    {
        await using var fixture = new ReactorFixture();
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen(0);
        var endPoint = (IPEndPoint)silent.LocalEndPoint!;
        using var cancellation = new CancellationTokenSource();
        Task<ConnectionResult>[] dials =
            [.. Enumerable.Range(0, 4).Select(_ => fixture.Connector.ConnectAsync(endPoint, null, cancellation.Token).AsTask())];

        await cancellation.CancelAsync();

        foreach (ConnectionResult result in await Task.WhenAll(dials).Done())
        {
            Assert.True(result.Connection is not null || result.Error is SocketError.OperationAborted);
            if (result.Connection is not null)
                await result.Connection.DisposeAsync();
        }
    }
}
