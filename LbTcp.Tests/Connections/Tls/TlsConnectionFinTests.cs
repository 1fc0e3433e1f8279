using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Authentication;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Tls;

/// <summary>What <see cref="IConnection"/> promises about ends, asked of TLS over every transport.</summary>
public sealed class TlsConnectionFinTests
{
    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Input_PeerSendsCloseNotify_CompletesAndTheOutputStaysOpen(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            await pair.Peer.WriteAsync(new byte[5]);
            await pair.Peer.ShutdownAsync();
            pair.PeerSocket.Shutdown(SocketShutdown.Send);

            ReadResult all = await connection.Input.ReadAtLeastAsync(6);
            Assert.Equal((5, true), (all.Buffer.Length, all.IsCompleted));
            _ = await connection.Output.WriteAsync(new byte[3]);

            Assert.Equal(3, await pair.Peer.ReadAtLeastAsync(new byte[3], 3));
            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Output_Completed_SendsCloseNotifyAndFinAndTheInputStaysOpen(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version, isClient: true);
        await pair.RunAsync(async connection =>
        {
            Memory<byte> memory = connection.Output.GetMemory(3);
            memory.Span[..3].Fill(7);
            connection.Output.Advance(3);
            await connection.Output.CompleteAsync();

            Assert.Equal(3, await pair.Peer.ReadAtLeastAsync(new byte[4], 4, throwOnEndOfStream: false));
            Assert.Equal(0, pair.PeerSocket.Receive(new byte[1])); // nothing comes after close_notify but FIN
            await pair.Peer.WriteAsync(new byte[4]);
            ReadResult read = await connection.Input.ReadAsync();
            Assert.Equal(4, read.Buffer.Length);
            Assert.False(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Output_CompletedWhileAReadWaits_EndsInOrderInBothDirections(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            ValueTask<ReadResult> read = connection.Input.ReadAsync();
            await connection.Output.CompleteAsync();
            Assert.Equal(0, await pair.Peer.ReadAsync(new byte[1]));
            await pair.Peer.ShutdownAsync();

            Assert.True((await read).IsCompleted);
            Assert.Equal(SocketError.Success, connection.Failure);
        });
    }

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Input_FinWithoutCloseNotify_GivesWhatCameBeforeAndFails(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            await pair.Peer.WriteAsync(new byte[40_000]);
            pair.PeerSocket.Shutdown(SocketShutdown.Send);

            Assert.Equal((SocketError.ConnectionReset, 40_000), await connection.FailureAsync());
            Assert.True(connection.IsReset);
        });
    }

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Input_FinWithinARecord_Fails(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            _ = await pair.PeerSocket.SendAsync(new byte[] { 23, 3, 3, 0, 100, 1, 2, 3 });
            pair.PeerSocket.Shutdown(SocketShutdown.Send);

            Assert.Equal((SocketError.ConnectionReset, 0), await connection.FailureAsync());
        });
    }

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Input_PeerSendsSomethingElse_Fails(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            _ = await pair.PeerSocket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

            Assert.Equal((SocketError.ConnectionReset, 0), await connection.FailureAsync());
        });
    }

    // As curl does: its system answers the close_notify that it gets with a reset.
    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Output_CompletedAfterThePeerHasClosed_IsNoFailure(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            _ = await connection.Output.WriteAsync(new byte[1]);
            Assert.Equal(1, await pair.Peer.ReadAsync(new byte[1])); // with the session tickets of TLS 1.3, which unread make it a reset
            await pair.Peer.ShutdownAsync();
            pair.PeerSocket.Close();
            Assert.Equal(0, await connection.ReadToEndAsync());

            await connection.Output.CompleteAsync();
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Input_PeerResets_Fails(string transport)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport);
        await pair.RunAsync(async connection =>
        {
            pair.PeerSocket.Reset();

            Assert.Equal((SocketError.ConnectionReset, 0), await connection.FailureAsync());
            Assert.True(connection.IsReset);
        });
    }

    // What was written arrives, but no end that looks like one.
    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Output_CompletedWithAnError_DeliversWhatWasWrittenAndResets(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            _ = await connection.Output.WriteAsync(new byte[50_000]);
            await connection.Output.CompleteAsync(new IOException());

            Assert.Equal(50_000, await pair.Peer.ReadAtLeastAsync(new byte[50_000], 50_000));
            IOException failure = await Assert.ThrowsAsync<IOException>(async () => _ = await pair.Peer.ReadAsync(new byte[1]));
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        });
    }
}
