using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IConnection"/> promises, asked of every transport over the loopback.</summary>
public sealed class ConnectionContractTests
{
    private const int Much = 8 * 1024 * 1024;

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ReturnAsync_FromAnotherThread_BytesMoveAsBefore(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            Reactor? home = Reactor.Current;
            for (int round = 0; round < 200; round++)
            {
                await Task.Run(() => { });
                await connection.ReturnAsync();
                Assert.Equal(home, Reactor.Current);
            }

            _ = await connection.Output.WriteAsync(new byte[3]);
            _ = await pair.Peer.ReceiveExactlyAsync(3);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task RemoteEndPoint_Accepted_IsThePeersAddress(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);

        Assert.Equal(pair.Peer.LocalEndPoint, pair.Connection.RemoteEndPoint);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Input_PeerSendsFin_CompletesAndTheOutputStaysOpen(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            _ = await pair.Peer.SendAsync(new byte[5]);
            pair.Peer.Shutdown(SocketShutdown.Send);

            ReadResult all = await connection.Input.ReadAtLeastAsync(6);
            Assert.Equal((5, true), (all.Buffer.Length, all.IsCompleted));
            _ = await connection.Output.WriteAsync(new byte[3]);

            _ = await pair.Peer.ReceiveExactlyAsync(3);
            Assert.Equal((5, 3), (connection.BytesReceived, connection.BytesSent));
            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Output_Completed_SendsFinAndTheInputStaysOpen(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            Memory<byte> memory = connection.Output.GetMemory(3);
            memory.Span[..3].Fill(7);
            connection.Output.Advance(3);
            await connection.Output.CompleteAsync();

            Assert.Equal((3, SocketError.Success), Outcome(await pair.Peer.ReceiveToEndAsync()));
            _ = await pair.Peer.SendAsync(new byte[4]);
            Assert.Equal(4, (await connection.Input.ReadAsync()).Buffer.Length);
            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Input_BothSidesSendFin_CompletesAsWell(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            await connection.Output.CompleteAsync();
            pair.Peer.Shutdown(SocketShutdown.Send);

            Assert.Equal(0, await ReadToEndAsync(connection));
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Input_PeerResets_GivesWhatCameBeforeAndThenFails(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            string sent = await pair.Peer.SendNoiseAsync(seed: 1, 60_000);
            await pair.Peer.FlushedAsync();
            pair.Peer.Reset();
            await Until.TrueAsync(() => connection.IsReset, "the reset has arrived");

            Assert.Equal(SocketError.ConnectionReset, await FailureAsync(connection));
            Assert.Equal(60_000, connection.BytesReceived);
        });
    }

    // The system reports an error once: to a write, in these two, and the next read would find a clean end.
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public Task Input_AWriteHasTakenTheError_FailsAsWell(string transport) => FailsAfterAFailedWriteAsync(transport, unread: 0);

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public Task Input_AWriteHasTakenTheErrorAndBytesAreLeft_GivesThemAndThenFails(string transport) =>
        FailsAfterAFailedWriteAsync(transport, unread: 60_000);

    private static async Task FailsAfterAFailedWriteAsync(string transport, int unread)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            _ = await pair.Peer.SendNoiseAsync(seed: 1, unread);
            await pair.Peer.FlushedAsync();
            pair.Peer.Reset();
            await Until.TrueAsync(() => connection.IsReset, "the reset has arrived");

            ConnectionException failure =
                await Assert.ThrowsAsync<ConnectionException>(async () => await connection.Output.WriteAsync(new byte[1]));

            Assert.Same(connection, failure.Connection);
            Assert.True(SocketErrors.IsReset(failure.Error));
            Assert.Equal(failure.Error, await FailureAsync(connection));
            Assert.Equal((unread, 0), (connection.BytesReceived, connection.BytesSent));
        });
    }

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
            Assert.Equal((connection, SocketError.OperationAborted), (failure.Connection, failure.Error));
            Assert.Equal((0, SocketError.ConnectionReset), Outcome(await pair.Peer.ReceiveToEndAsync()));
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
            Task<FlushResult> write = connection.Output.WriteAsync(new byte[2 * Much]).AsTask();
            Assert.False(write.IsCompleted);

            await Task.Run(connection.Abort);

            Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<ConnectionException>(() => read.Done())).Error);
            Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<ConnectionException>(() => write.Done())).Error);
            Assert.Equal(SocketError.ConnectionReset, (await pair.Peer.ReceiveToEndAsync().Done()).End);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task WriteAsync_ItsTokenFiresWhileThePeerDoesNotRead_Ends(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            using var cancellation = new CancellationTokenSource();
            Task<FlushResult> write = connection.Output.WriteAsync(new byte[2 * Much], cancellation.Token).AsTask();
            Assert.False(write.IsCompleted);

            await cancellation.CancelAsync();

            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Done());
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
            Assert.Equal((0, SocketError.Success), Outcome(await pair.Peer.ReceiveToEndAsync()));

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
            _ = await connection.Output.WriteAsync(new byte[Much]);

            await connection.Output.CompleteAsync(new IOException("the other side failed"));

            Assert.Equal((Much, SocketError.ConnectionReset), Outcome(await received.Done()));
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
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task BytesAcknowledged_PeerReadsSlowly_GrowsAlthoughNothingIsWritten(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            _ = await connection.Output.WriteAsync(new byte[200_000]);
            Assert.Equal(200_000, connection.BytesSent);
            long before = connection.BytesAcknowledged;
            Assert.True(before < 200_000);

            _ = await pair.Peer.ReceiveExactlyAsync(100_000);

            await Until.TrueAsync(() => connection.BytesAcknowledged > before, "the acknowledgement has arrived");
            Assert.Equal(200_000, connection.BytesSent);
            _ = await pair.Peer.ReceiveExactlyAsync(100_000);
            await Until.TrueAsync(() => connection.BytesAcknowledged >= 200_000, "everything was acknowledged");
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task IsReset_PeerClosesInOrder_IsFalse(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            pair.Peer.Shutdown(SocketShutdown.Both);
            Assert.Equal(0, await ReadToEndAsync(connection));

            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
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

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task DisposeAsync_AfterBothFins_LosesNothingThatIsStillOnItsWay(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            pair.Peer.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await ReadToEndAsync(connection));
            _ = await connection.Output.WriteAsync(new byte[200_000]);
            await connection.Output.CompleteAsync();

            await connection.DisposeAsync();

            Assert.Equal((200_000, SocketError.Success), Outcome(await pair.Peer.ReceiveToEndAsync().Done()));
        });
    }

    private static (long Length, SocketError End) Outcome(RawSockets.Received received) => (received.Length, received.End);

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

    private static async Task<long> ReadToEndAsync(IConnection connection)
    {
        long length = 0;
        ReadResult result;
        do
        {
            result = await connection.Input.ReadAsync();
            length += result.Buffer.Length;
            connection.Input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        return length;
    }

    private static async Task<SocketError> FailureAsync(IConnection connection) =>
        (await Assert.ThrowsAsync<ConnectionException>(() => ReadToEndAsync(connection))).Error;
}
