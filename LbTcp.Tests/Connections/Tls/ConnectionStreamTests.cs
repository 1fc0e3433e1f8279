using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using LbTcp.Connections.Tls;

namespace LbTcp.Tests.Connections.Tls;

public sealed class ConnectionStreamTests
{
    // The session tickets of TLS 1.3 are such records, and so is a KeyUpdate.
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ReadAsync_MayNotWaitAndRecordsHoldNoBytes_FailsAndTheNextReadGoesOn(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            await using var peer = new SslStream(new NetworkStream(pair.Peer));
            Task peerReady = peer.AuthenticateAsServerAsync(TlsPair.ServerOptions(SslProtocols.Tls13));
            var handshake = new TlsHandshake(new HandshakeLimit(1));
            await using var stream = new ConnectionStream(connection) { Handshake = handshake };
            await using var tls = new SslStream(stream);
            Assert.Null(await handshake.RunAsync(
                () => tls.AuthenticateAsClientAsync(TlsPair.ClientOptions(SslProtocols.Tls13)), CancellationToken.None));
            stream.Handshake = null;
            _ = await connection.Output.FlushAsync();
            await peerReady;

            stream.MayWait = false;
            _ = await Assert.ThrowsAsync<ConnectionStream.NothingReceivedException>(async () => _ = await tls.ReadAsync(new byte[10]));
            stream.MayWait = true;

            await peer.WriteAsync(new byte[7]);
            Assert.Equal(7, await tls.ReadAsync(new byte[10]));
        });
    }
}
