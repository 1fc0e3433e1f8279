using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>
/// Where <see cref="IConnection"/> differs over a unix socket, which has no reset: closing one with unread input is the only failure that
/// its peer learns of.
/// </summary>
public sealed class UnixConnectionContractTests
{
    [Theory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task Abort_NothingUnread_ThePeerGetsWhatWasSentAndTheEnd(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            _ = await connection.Output.WriteAsync(new byte[100]);

            connection.Abort();

            Assert.Equal((100, SocketError.Success), (await pair.Peer.ReceiveToEndAsync().Done()).Outcome);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task Abort_BytesOfThePeerAreUnread_ThePeerGetsWhatWasSentAndAReset(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            _ = await pair.Peer.SendAsync(new byte[1]);
            _ = await connection.Output.WriteAsync(new byte[100]);

            connection.Abort();

            Assert.Equal((100, SocketError.ConnectionReset), (await pair.Peer.ReceiveToEndAsync().Done()).Outcome);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task CompleteAsync_WithAnError_ASlowPeerGetsEverything(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            Task<RawSockets.Received> received = pair.Peer.ReceiveToEndAsync(chunkSize: 1_000);
            _ = await connection.Output.WriteAsync(new byte[TransportPair.Much]);

            await connection.Output.CompleteAsync(new IOException("the other side failed"));

            Assert.Equal(TransportPair.Much, (await received.Done()).Length);
        });
    }

    // The system hands out what came with a descriptor alone, although more bytes follow it: a short read is not the end of them.
    [SkippableTheory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task Input_PeerPassesADescriptor_GivesTheBytesAfterItAsWell(string transport)
    {
        Skip.IfNot(Environment.Is64BitProcess, "skipped: not 64 bits");
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            Posix.SendWithDescriptor(pair.Peer, new byte[10], (int)pair.Peer.Handle);
            _ = pair.Peer.Send(new byte[20]);

            Assert.Equal(30, (await connection.Input.ReadAtLeastAsync(30).AsTask().Done()).Buffer.Length);
        });
    }

    // A unix socket that was closed has ended in both directions, which over TCP only a reset brings about.
    [Theory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task Input_PeerClosesAfterItHasReadAll_EndsInOrder(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            _ = await pair.Peer.SendAsync(new byte[50_000]);
            pair.Peer.Dispose();

            Assert.Equal(50_000, await connection.ReadToEndAsync());
            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task Input_PeerClosesWithUnreadBytes_GivesWhatCameBeforeAndThenFails(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            _ = await connection.Output.WriteAsync(new byte[3]);
            _ = await pair.Peer.SendAsync(new byte[5_000]);
            pair.Peer.Dispose();

            Assert.Equal((SocketError.ConnectionReset, 5_000), await connection.FailureAsync());
            Assert.True(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task WriteAsync_PeerHasClosed_FailsAsAReset(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            pair.Peer.Dispose();

            ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(
                async () => await connection.Output.WriteAsync(new byte[1]));

            Assert.True(SocketErrors.IsReset(failure.Error), $"{failure.Error}");
        });
    }

    [Theory]
    [MemberData(nameof(Transports.UnixOnly), MemberType = typeof(Transports))]
    public async Task RemoteEndPoint_Accepted_NamesTheProcess(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);

        Assert.Equal($"unix:pid:{Environment.ProcessId}", pair.Connection.RemoteEndPoint.ToString());
        Assert.Null(pair.Connection.Info);
    }
}
