using System.Net.Sockets;
using System.Security.Authentication;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections.Tls;

/// <summary>What follows records that have arrived together.</summary>
public sealed class TlsConnectionBurstTests
{
    // Two records that fill SslStream's buffer: it loses those that it decrypts in one go with a bad one. That is the second one where the
    // first had arrived alone.
    private const int First = 16 * 1024;
    private const int Both = First + 16_318;

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Input_SomethingElseFollowsRecordsThatHaveArrived_GivesTheirBytesAndFails(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            await pair.Peer.WriteAsync(new byte[Both]);
            byte[] notOfTheSession = [23, 3, 3, 0, 30, .. new byte[30]];
            _ = await pair.PeerSocket.SendAsync(notOfTheSession);

            (SocketError failure, long received) = await connection.FailureAsync();
            Assert.Equal(SocketError.ConnectionReset, failure);
            Assert.True(received is First or Both, $"{received} bytes");
            _ = await Assert.ThrowsAsync<ConnectionException>(async () => _ = await connection.Input.ReadAsync());
        });
    }

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Input_CloseNotifyFollowsRecordsThatHaveArrived_GivesAllAndEnds(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            await pair.Peer.WriteAsync(new byte[40_000]);
            await pair.Peer.ShutdownAsync();

            Assert.Equal(40_000, await connection.ReadToEndAsync());
            Assert.Equal(SocketError.Success, connection.Failure);
        });
    }
}
