using System.IO.Pipelines;
using System.Net;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IConnection"/> promises, asked of every transport over the loopback.</summary>
public sealed class ConnectionContractTests
{
    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task Await_WhatCompletesOnThePool_ContinuesWhereTheConnectionLives(string transport)
    {
        foreach (int listener in new[] { 0, 1 })
        {
            await using TransportPair pair = await TransportPair.CreateAsync(transport, listener: listener);
            await pair.RunAsync(async connection =>
            {
                Reactor? home = Reactor.Current;
                Assert.Equal(Transports.IsEpoll(transport), home is not null);
                for (int round = 0; round < 200; round++)
                {
                    await Task.Run(() => { });
                    Assert.Equal(home, Reactor.Current);
                }

                _ = await connection.Output.WriteAsync(new byte[3]);
                _ = await pair.Peer.ReceiveExactlyAsync(3);
                Assert.Equal(home, Reactor.Current);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task StartAsync_StartedBefore_CompletesAtOnce(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            Assert.True(connection.StartAsync().IsCompletedSuccessfully);

            _ = await connection.Output.WriteAsync(new byte[3]);
            _ = await pair.Peer.ReceiveExactlyAsync(3);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task LocalEndPoint_ReadBeforeTheEnd_RemainsReadable(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            EndPoint? local = connection.LocalEndPoint;
            Assert.Equal(pair.Peer.RemoteEndPoint, local);

            await connection.DisposeAsync();

            Assert.Same(local, connection.LocalEndPoint);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task LocalEndPoint_NotReadBeforeTheEnd_IsNull(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            connection.Abort();

            Assert.Null(connection.LocalEndPoint);
            Assert.Null(connection.Info);
            await connection.DisposeAsync();
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
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
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
    public async Task Info_PeerReadsSlowly_GrowsAlthoughNothingIsWritten(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            _ = await connection.Output.WriteAsync(new byte[200_000]);
            long before = connection.Info!.Value.BytesAcknowledged;
            Assert.True(before < 200_000);

            _ = await pair.Peer.ReceiveExactlyAsync(100_000);

            await Until.TrueAsync(() => connection.Info!.Value.BytesAcknowledged > before, "the acknowledgement has arrived");
            _ = await pair.Peer.ReceiveExactlyAsync(100_000);
            await Until.TrueAsync(() => connection.Info!.Value.BytesAcknowledged >= 200_000, "everything was acknowledged");
        });
    }
}
