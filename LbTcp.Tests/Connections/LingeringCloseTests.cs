using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

public sealed class LingeringCloseTests
{
    [Fact]
    public async Task Begin_PeerHasMoreToSay_SendsFinAndDropsItUntilThePeersFin()
    {
        (InMemoryConnection connection, InMemoryConnection peer) = InMemoryConnection.CreatePair();

        LingeringClose close = LingeringClose.Begin(connection, CancellationToken.None);
        Task completion = close.Completion.AsTask();

        Assert.True((await peer.Input.ReadAsync()).IsCompleted);
        _ = await peer.Output.WriteAsync(new byte[1_000]);
        Assert.False(completion.IsCompleted);
        await peer.Output.CompleteAsync();
        await completion.Done();
        Assert.Equal((1_000, 0), (close.BytesReceived, close.BytesSent));
    }

    [Fact]
    public async Task Begin_PeerIsToCloseFirst_SendsFinAfterThePeers()
    {
        (InMemoryConnection connection, InMemoryConnection peer) = InMemoryConnection.CreatePair();

        Task completion = LingeringClose.Begin(connection, isPeerFirst: true, CancellationToken.None).Completion.AsTask();
        _ = await peer.Output.WriteAsync(new byte[1_000]);
        Assert.False(peer.Input.TryRead(out _));
        await peer.Output.CompleteAsync();

        await completion.Done();
        Assert.True((await peer.Input.ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task Begin_PeerNeverStops_EndsAtTheBound()
    {
        (InMemoryConnection connection, InMemoryConnection peer) = InMemoryConnection.CreatePair();
        LingeringClose close = LingeringClose.Begin(connection, CancellationToken.None);

        for (int i = 0; i < LingeringClose.MaxBytes / 4096; i++)
            _ = await peer.Output.WriteAsync(new byte[4096]);

        await close.Completion.AsTask().Done();
        Assert.Equal(LingeringClose.MaxBytes, close.BytesReceived);
    }

    [Fact]
    public async Task Begin_ItsTokenFires_EndsWithThat()
    {
        (InMemoryConnection connection, _) = InMemoryConnection.CreatePair();
        using var cancellation = new CancellationTokenSource();
        Task completion = LingeringClose.Begin(connection, cancellation.Token).Completion.AsTask();
        Assert.False(completion.IsCompleted);

        await cancellation.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => completion.Done());
    }

    [Fact]
    public async Task Begin_PeerResets_EndsWithThat()
    {
        (InMemoryConnection connection, InMemoryConnection peer) = InMemoryConnection.CreatePair();
        Task completion = LingeringClose.Begin(connection, CancellationToken.None).Completion.AsTask();

        peer.Abort();

        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(() => completion.Done());
        Assert.Equal(SocketError.ConnectionReset, failure.Error);
    }
}
