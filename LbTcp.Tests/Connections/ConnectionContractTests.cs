using System.IO.Pipelines;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IConnection"/> promises, asked of every transport over the loopback.</summary>
public sealed class ConnectionContractTests
{
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
    public async Task WriteAsync_ItsTokenFiresWhileThePeerDoesNotRead_Ends(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            using var cancellation = new CancellationTokenSource();
            Task<FlushResult> write = connection.Output.WriteAsync(new byte[2 * TransportPair.Much], cancellation.Token).AsTask();
            Assert.False(write.IsCompleted);

            await cancellation.CancelAsync();

            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Done());
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
}
