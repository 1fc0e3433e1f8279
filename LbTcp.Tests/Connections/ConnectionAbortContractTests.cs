using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>How <see cref="IConnection"/> breaks off and what its peer sees of that, asked of every transport over the loopback.</summary>
public sealed class ConnectionAbortContractTests
{
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Abort_WithAPendingRead_FailsItAndResetsThePeer(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            Task<ReadResult> read = connection.Input.ReadAsync().AsTask();

            connection.Abort();
            connection.Abort();

            ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(() => read.Done());
            Assert.Equal((connection.Side, SocketError.OperationAborted), (failure.Side, failure.Error));
            Assert.Equal((0, SocketError.ConnectionReset), (await pair.Peer.ReceiveToEndAsync()).Outcome);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Abort_WithPendingReadAndWriteFromAnotherThread_FailsBothAndResetsThePeer(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            Task<ReadResult> read = connection.Input.ReadAsync().AsTask();
            Task<FlushResult> write = connection.Output.WriteAsync(new byte[2 * TransportPair.Much]).AsTask();
            Assert.False(write.IsCompleted);

            await Task.Run(connection.Abort);

            Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<ConnectionException>(() => read.Done())).Error);
            Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<ConnectionException>(() => write.Done())).Error);
            Assert.Equal(SocketError.ConnectionReset, (await pair.Peer.ReceiveToEndAsync().Done()).End);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Abort_AfterFin_ResetsThePeer(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            await connection.Output.CompleteAsync();
            Assert.Equal((0, SocketError.Success), (await pair.Peer.ReceiveToEndAsync()).Outcome);

            connection.Abort();

            await Until.TrueAsync(() => pair.Peer.Poll(0, SelectMode.SelectError) || !IsOpen(pair.Peer), "the peer was reset");
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task CompleteAsync_WithAnError_ASlowPeerGetsEverythingAndThenAReset(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            Task<RawSockets.Received> received = pair.Peer.ReceiveToEndAsync(chunkSize: 1_000);
            _ = await connection.Output.WriteAsync(new byte[TransportPair.Much]);

            await connection.Output.CompleteAsync(new IOException("the other side failed"));

            Assert.Equal((TransportPair.Much, SocketError.ConnectionReset), (await received.Done()).Outcome);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task CompleteAsync_WithAnErrorAndThePeerNeverReads_AbortEndsIt(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            _ = await connection.Output.WriteAsync(new byte[100_000]);
            Task completion = connection.Output.CompleteAsync(new IOException("the other side failed")).AsTask();
            Assert.False(completion.IsCompleted);

            await Task.Run(connection.Abort);

            await completion.Done();
        });
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task DisposeAsync_WithUnreadInput_ResetsThePeer(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            _ = await pair.Peer.SendAsync(new byte[1]);
            await pair.Peer.FlushedAsync();

            await connection.DisposeAsync();

            Assert.Equal(SocketError.ConnectionReset, (await pair.Peer.ReceiveToEndAsync().Done()).End);
        });
    }

    private static bool IsOpen(Socket socket)
    {
        try
        {
            return socket.Send(new byte[1]) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
