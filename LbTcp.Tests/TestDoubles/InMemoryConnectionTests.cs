using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.TestDoubles;

public sealed class InMemoryConnectionTests
{
    private readonly InMemoryConnection _connection;
    private readonly InMemoryConnection _peer;

    public InMemoryConnectionTests() => (_connection, _peer) = InMemoryConnection.CreatePair(capacity: 16);

    [Fact]
    public async Task Complete_WithoutError_PeerReadsAllThenTheEndAndCanStillWrite()
    {
        await _connection.Output.WriteAsync(new byte[5]);
        await _connection.Output.CompleteAsync();

        ReadResult last = await _peer.Input.ReadAtLeastAsync(6);
        await _peer.Output.WriteAsync(new byte[3]);

        Assert.Equal(5, last.Buffer.Length);
        Assert.True(last.IsCompleted);
        Assert.Equal((5, 0), (_connection.BytesSent, _connection.BytesReceived));
        Assert.Equal((3, 5), (_peer.BytesSent, _peer.BytesReceived));
    }

    [Fact]
    public async Task Complete_WithError_PeerReadsAllThenFails()
    {
        await _connection.Output.WriteAsync(new byte[5]);
        await _connection.Output.CompleteAsync(new IOException());

        ReadResult first = await _peer.Input.ReadAsync();
        _peer.Input.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(async () => await _peer.Input.ReadAsync());

        Assert.Equal(5, first.Buffer.Length);
        Assert.False(first.IsCompleted);
        Assert.Equal((_peer.Side, SocketError.ConnectionReset), (failure.Side, failure.Error));
        Assert.True(_peer.IsReset);
        Assert.False(_connection.IsReset);
    }

    [Fact]
    public async Task Complete_WithErrorAfterCompletionWithout_PeerReadsAllThenFails()
    {
        await _connection.Output.WriteAsync(new byte[5]);
        await _connection.Output.CompleteAsync();
        await _connection.Output.CompleteAsync(new IOException());

        ReadResult first = await _peer.Input.ReadAsync();
        _peer.Input.AdvanceTo(first.Buffer.End);

        Assert.Equal(5, first.Buffer.Length);
        await Assert.ThrowsAsync<ConnectionException>(async () => await _peer.Input.ReadAsync());
    }

    [Fact]
    public async Task Abort_WhileBothSidesWait_FailsEveryPendingReadAndWrite()
    {
        Task read = _connection.Input.ReadAsync().AsTask();
        Task write = _connection.Output.WriteAsync(new byte[17]).AsTask();
        Task peerRead = ReadToEndAsync(_peer.Input);
        Assert.False(read.IsCompleted);

        _connection.Abort();

        Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<ConnectionException>(() => read)).Error);
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<ConnectionException>(() => peerRead)).Error);
        await Task.WhenAny(write); // taken by the peer's read before, or failed now
        await Assert.ThrowsAsync<ConnectionException>(async () => await _connection.Output.WriteAsync(new byte[1]));
    }

    [Fact]
    public async Task Flush_PeerDoesNotRead_WaitsUntilItDoes()
    {
        Task write = _connection.Output.WriteAsync(new byte[17]).AsTask();
        Assert.False(write.IsCompleted);

        ReadResult result = await _peer.Input.ReadAsync();
        _peer.Input.AdvanceTo(result.Buffer.End);

        await write;
        Assert.Equal(17, _peer.BytesReceived);
    }

    [Fact]
    public async Task Dispose_WithUnreadBytes_ResetsThePeer()
    {
        await _peer.Output.WriteAsync(new byte[1]);

        await _connection.DisposeAsync();

        Assert.True(_peer.IsReset);
    }

    [Fact]
    public async Task Dispose_WithNothingUnread_EndsThePeersInputAndResetsItsNextWrite()
    {
        await _connection.DisposeAsync();

        ReadResult end = await _peer.Input.ReadAsync();
        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(async () => await _peer.Output.WriteAsync(new byte[1]));

        Assert.True(end.IsCompleted);
        Assert.Equal(SocketError.ConnectionReset, failure.Error);
    }

    private static async Task ReadToEndAsync(PipeReader reader)
    {
        ReadResult result;
        do
        {
            result = await reader.ReadAsync();
            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
    }
}
