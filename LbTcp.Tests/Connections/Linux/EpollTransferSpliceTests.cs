using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>A splice uses the pipe of all connections of its reactor: no byte may be left in it, however the copy ends.</summary>
public sealed class EpollTransferSpliceTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int Scratch = 16 * 1024;
    private const int SmallBuffer = 8 * 1024;

    [SkippableFact]
    public async Task CopyToAsync_TheDestinationIsFull_KeepsNoMoreThanOneFillingAndLeavesThePipeToOthers()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync(SmallBuffer);
        Transfer copy = await fixture.TransferAsync(source, destination);
        Task<string> sending = sender.SendNoiseAsync(seed: 1, 16 * Mebibyte);

        await UntilKeptAsync(fixture, copy, receiver);

        await AssertEmptyPipeAsync(fixture);
        Assert.InRange(copy.BytesReceived - copy.BytesSent, 1, SplicePipe.MaxFilling);
        Task<RawSockets.Received> receiving = receiver.ReceiveToEndAsync();
        _ = await sending.Done();
        sender.Shutdown(SocketShutdown.Send);
        await copy.Completion.AsTask().Done();
        await destination.Output.CompleteAsync();
        Assert.Equal(16 * Mebibyte, copy.BytesSent);
        Assert.Equal(SocketError.Success, (await receiving.Done()).End);
    }

    [SkippableFact]
    public async Task CopyToAsync_TheDestinationResetsWhileBytesAreKept_FailsAndLeavesNoByteInThePipe()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync(SmallBuffer);
        Transfer copy = await fixture.TransferAsync(source, destination);
        Task sending = sender.SendNoiseAsync(seed: 1, 64 * Mebibyte);
        await UntilKeptAsync(fixture, copy, receiver);

        receiver.Reset();

        _ = await Assert.ThrowsAsync<ConnectionException>(() => copy.Completion.AsTask().Done());
        Assert.Equal((SocketError.Success, SocketError.ConnectionReset), (source.Failure, destination.Failure));
        await AssertEmptyPipeAsync(fixture);
        sender.Dispose();
        _ = await Assert.ThrowsAnyAsync<SystemException>(() => sending.Done());
    }

    [SkippableFact]
    public async Task CopyToAsync_AbortedFromAnotherThreadWhileBytesAreKept_FailsAndLeavesNoByteInThePipe()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync(SmallBuffer);
        Transfer copy = await fixture.TransferAsync(source, destination);
        Task sending = sender.SendNoiseAsync(seed: 1, 64 * Mebibyte);
        await UntilKeptAsync(fixture, copy, receiver);

        destination.Abort();

        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(() => copy.Completion.AsTask().Done());
        Assert.Equal((destination.Failure, SocketError.OperationAborted), (failure.Error, failure.Error));
        Assert.Equal(SocketError.Success, source.Failure);
        await AssertEmptyPipeAsync(fixture);
        source.Abort();
        _ = await Assert.ThrowsAsync<SocketException>(() => sending.Done());
    }

    // The copy is in bulk and waits for more when the destination's direction is shut: the send behind the next filling fails.
    [SkippableFact]
    public async Task CopyToAsync_TheDestinationFailsWhileThePipeIsFull_LeavesNoByteInThePipe()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        _ = await sender.SendAsync(new byte[2 * Scratch]);
        await sender.FlushedAsync();
        await Until.TrueAsync(() => source.IsReadable, "the copy will not wait");
        Transfer copy = await fixture.TransferAsync(source, destination);
        _ = await receiver.ReceiveExactlyAsync(2 * Scratch);
        SplicePipe? before = null;
        await fixture.RunAsync(() =>
        {
            before = fixture.Home.Pipe.TryGet(0);
            new Socket(new SafeSocketHandle(destination.Descriptor, ownsHandle: false)).Shutdown(SocketShutdown.Send);
        });

        _ = await sender.SendAsync(new byte[Scratch]);

        _ = await Assert.ThrowsAsync<ConnectionException>(() => copy.Completion.AsTask().Done());
        Assert.Equal(3 * Scratch, copy.BytesReceived);
        await AssertEmptyPipeAsync(fixture);
        await fixture.RunAsync(() => Assert.NotSame(before, fixture.Home.Pipe.TryGet(0)));
    }

    [SkippableFact]
    public async Task CopyToAsync_TheSystemRefusesAPipe_CopiesInstead()
    {
        await using var fixture = new ReactorFixture(hasPipe: false);
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        Task copy = await fixture.CopyAsync(source, destination);
        Task<RawSockets.Received> receiving = receiver.ReceiveToEndAsync();

        string sent = await sender.SendNoiseAsync(seed: 1, 16 * Mebibyte);
        sender.Shutdown(SocketShutdown.Send);

        await copy.Done();
        await destination.Output.CompleteAsync();
        Assert.Equal(new RawSockets.Received(16 * Mebibyte, sent, SocketError.Success), await receiving.Done());
    }

    // More than the scratch buffer holds is kept: it was left in the pipe by a splice. A copy that keeps less is read on.
    private static async Task UntilKeptAsync(ReactorFixture fixture, Transfer copy, Socket receiver)
    {
        byte[] buffer = new byte[64 * 1024];
        while (!await IsKeptAsync(fixture, copy))
            _ = await receiver.ReceiveAsync(buffer).Done();
    }

    private static async Task<bool> IsKeptAsync(ReactorFixture fixture, Transfer copy)
    {
        bool isKept = false;
        await fixture.RunAsync(() => isKept = copy.BytesReceived - copy.BytesSent > Scratch);
        return isKept;
    }

    private static Task AssertEmptyPipeAsync(ReactorFixture fixture) => fixture.RunAsync(() =>
    {
        SplicePipe? pipe = fixture.Home.Pipe.TryGet(0);
        Assert.NotNull(pipe);
        Assert.True(pipe.IsEmpty);
    });
}
