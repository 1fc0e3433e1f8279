using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IConnection"/> promises when the peer resets it, asked of every transport over the loopback.</summary>
public sealed class ConnectionResetContractTests
{
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

            Assert.Equal((SocketError.ConnectionReset, 60_000), await connection.FailureAsync());
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

            Assert.Equal(connection.Side, failure.Side);
            Assert.True(SocketErrors.IsReset(failure.Error));
            Assert.Equal((failure.Error, unread), await connection.FailureAsync());
        });
    }
}
