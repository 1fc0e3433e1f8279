using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>A splice uses a pipe that others are given next: no byte may be left in it, however the copy ends.</summary>
public sealed class EpollTransferSpliceTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int SmallBuffer = 8 * 1024;

    [SkippableFact]
    public async Task CopyToAsync_TheDestinationResetsInTheMiddleOfASplice_FailsAndLeavesNoByteInAPipe()
    {
        await using var fixture = new ReactorFixture(pipeLimit: 1);
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync(SmallBuffer);
        Task copy = await fixture.CopyAsync(source, destination);
        Task sending = sender.SendNoiseAsync(seed: 1, 64 * Mebibyte);
        await UntilPipesAreOutAsync(fixture, receiver);

        receiver.Reset();

        _ = await Assert.ThrowsAsync<ConnectionException>(() => copy.Done());
        Assert.Equal((SocketError.Success, SocketError.ConnectionReset), (source.Failure, destination.Failure));
        await AssertEmptyPipeAsync(fixture);
        sender.Dispose();
        _ = await Assert.ThrowsAnyAsync<SystemException>(() => sending.Done());
    }

    [SkippableFact]
    public async Task CopyToAsync_AbortedFromAnotherThreadInTheMiddleOfASplice_FailsAndLeavesNoByteInAPipe()
    {
        await using var fixture = new ReactorFixture(pipeLimit: 1);
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync(SmallBuffer);
        Task copy = await fixture.CopyAsync(source, destination);
        Task sending = sender.SendNoiseAsync(seed: 1, 64 * Mebibyte);
        await UntilPipesAreOutAsync(fixture, receiver);

        destination.Abort();

        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(() => copy.Done());
        Assert.Equal((destination.Failure, SocketError.OperationAborted), (failure.Error, failure.Error));
        Assert.Equal(SocketError.Success, source.Failure);
        await AssertEmptyPipeAsync(fixture);
        source.Abort();
        _ = await Assert.ThrowsAsync<SocketException>(() => sending.Done());
    }

    [SkippableFact]
    public async Task CopyToAsync_AllPipesAreOut_CopiesInstead()
    {
        await using var fixture = new ReactorFixture(pipeLimit: 1);
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        await fixture.RunAsync(() => { _ = fixture.Home.Pipes.TryRent(); });
        Task copy = await fixture.CopyAsync(source, destination);
        Task<RawSockets.Received> receiving = receiver.ReceiveToEndAsync();

        string sent = await sender.SendNoiseAsync(seed: 1, 16 * Mebibyte);
        sender.Shutdown(SocketShutdown.Send);

        await copy.Done();
        await destination.Output.CompleteAsync();
        Assert.Equal(new RawSockets.Received(16 * Mebibyte, sent, SocketError.Success), await receiving.Done());
    }

    // The reactor's only pipe is rented by the copy.
    // A destination that fills up behind a short receive is served from a kept buffer, without a pipe: it reads on until one is out.
    private static async Task UntilPipesAreOutAsync(ReactorFixture fixture, Socket receiver)
    {
        byte[] buffer = new byte[64 * 1024];
        while (!await ArePipesOutAsync(fixture))
            _ = await receiver.ReceiveAsync(buffer).Done();
    }

    private static async Task<bool> ArePipesOutAsync(ReactorFixture fixture)
    {
        bool areOut = false;
        await fixture.RunAsync(() =>
        {
            SplicePipe? pipe = fixture.Home.Pipes.TryRent();
            areOut = pipe is null;
            if (pipe is not null)
                fixture.Home.Pipes.Return(pipe);
        });
        return areOut;
    }

    private static Task AssertEmptyPipeAsync(ReactorFixture fixture) => fixture.RunAsync(() =>
    {
        SplicePipe? pipe = fixture.Home.Pipes.TryRent();
        Assert.NotNull(pipe);
        Assert.Equal(0, pipe.Length);
        fixture.Home.Pipes.Return(pipe);
    });
}
