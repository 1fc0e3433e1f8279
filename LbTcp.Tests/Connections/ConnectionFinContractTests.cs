using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IConnection"/> promises about ends in order, asked of every transport over the loopback.</summary>
public sealed class ConnectionFinContractTests
{
    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
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
            Assert.False(connection.IsReset);
        });
    }

    // The portable transport cannot tell this from a reset before the FIN, and reports a reset: the safe side.
    [SkippableFact]
    public async Task Input_PeerResetsAfterItsFinWithEpoll_StillEndsInOrder()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: not Linux");
        await using TransportPair pair = await TransportPair.CreateAsync("epoll");
        await pair.RunAsync(async connection =>
        {
            _ = await pair.Peer.SendAsync(new byte[5]);
            pair.Peer.Shutdown(SocketShutdown.Send);
            _ = await connection.Output.WriteAsync(new byte[3]);
            await Until.TrueAsync(() => pair.Peer.Available == 3, "the bytes have arrived");
            pair.Peer.Close(); // with unread bytes, which resets the connection
            await Until.TrueAsync(() => connection.IsReset, "the reset has arrived");

            ReadResult all = await connection.Input.ReadAtLeastAsync(6);
            Assert.Equal((5, true), (all.Buffer.Length, all.IsCompleted));
        });
    }

    // Once both have finished, the system has closed the connection, as it does after a reset.
    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task IsReset_BothSidesHaveFinished_IsFalse(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            await connection.Output.CompleteAsync();
            _ = await pair.Peer.ReceiveToEndAsync();
            pair.Peer.Shutdown(SocketShutdown.Send);
            Assert.True((await connection.Input.ReadAsync()).IsCompleted);
            await Until.TrueAsync(() => connection.Info is null or { IsClosed: true }, "the system has closed it");

            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task Output_Completed_SendsFinAndTheInputStaysOpen(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            Memory<byte> memory = connection.Output.GetMemory(3);
            memory.Span[..3].Fill(7);
            connection.Output.Advance(3);
            await connection.Output.CompleteAsync();

            Assert.Equal((3, SocketError.Success), (await pair.Peer.ReceiveToEndAsync()).Outcome);
            _ = await pair.Peer.SendAsync(new byte[4]);
            Assert.Equal(4, (await connection.Input.ReadAsync()).Buffer.Length);
            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task Input_BothSidesSendFin_CompletesAsWell(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            await connection.Output.CompleteAsync();
            pair.Peer.Shutdown(SocketShutdown.Send);

            Assert.Equal(0, await connection.ReadToEndAsync());
        });
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task IsReset_PeerClosesInOrder_IsFalse(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            pair.Peer.Shutdown(SocketShutdown.Both);
            Assert.Equal(0, await connection.ReadToEndAsync());

            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task DisposeAsync_AfterBothFins_LosesNothingThatIsStillOnItsWay(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            pair.Peer.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await connection.ReadToEndAsync());
            _ = await connection.Output.WriteAsync(new byte[200_000]);
            await connection.Output.CompleteAsync();

            await connection.DisposeAsync();

            Assert.Equal((200_000, SocketError.Success), (await pair.Peer.ReceiveToEndAsync().Done()).Outcome);
        });
    }
}
