using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Tls;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Tls;

public sealed class TlsConnectionTests
{
    private const int Bulk = 100_000_000;

    [Theory]
    [MemberData(nameof(TlsPair.All), MemberType = typeof(TlsPair))]
    public async Task Pipes_BothDirectionsAtOnce_CarryEverything(string transport, SslProtocols version)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, version);
        await pair.RunAsync(async connection =>
        {
            Task<bool> received = MatchesAsync(async buffer =>
            {
                ReadResult read = await connection.Input.ReadAsync();
                int count = (int)Math.Min(read.Buffer.Length, buffer.Length);
                System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, count), buffer.Span);
                connection.Input.AdvanceTo(read.Buffer.GetPosition(count));
                return count;
            });
            Task<bool> peerReceived = Task.Run(() => MatchesAsync(buffer => pair.Peer.ReadAsync(buffer).AsTask()));
            Task peerSent = Task.Run(() => SendAsync(chunk => pair.Peer.WriteAsync(chunk), seed: 1));
            await SendAsync(async chunk => _ = await connection.Output.WriteAsync(chunk), seed: 2);
            await connection.Output.CompleteAsync();
            await peerSent;
            await pair.Peer.ShutdownAsync();

            Assert.True(await received);
            Assert.True(await peerReceived);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Output_PeerDoesNotRead_WaitsAndDeliversLater(string transport)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            Task written = connection.Output.WriteAsync(new byte[TransportPair.Much]).AsTask();
            await Until.TrueAsync(() => pair.PeerSocket.Available > 0, "bytes have arrived");
            Assert.False(written.IsCompleted);

            Assert.Equal(TransportPair.Much, await pair.Peer.ReadAtLeastAsync(new byte[TransportPair.Much], TransportPair.Much));
            await written;
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Abort_AReadAndAWriteWait_FailsBothAndResetsThePeer(string transport)
    {
        await using TlsPair pair = await TlsPair.CreateAsync(transport, peerReceiveBuffer: 8 * 1024);
        await pair.RunAsync(async connection =>
        {
            Task written = connection.Output.WriteAsync(new byte[TransportPair.Much]).AsTask();
            Task read = connection.Input.ReadAsync().AsTask();
            _ = ThreadPool.UnsafeQueueUserWorkItem(_ => connection.Abort(), null);

            _ = await Assert.ThrowsAsync<ConnectionException>(() => written);
            Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<ConnectionException>(() => read)).Error);
            Assert.Equal(SocketError.ConnectionReset, (await pair.PeerSocket.ReceiveToEndAsync()).Outcome.Item2);
        });
    }

    [SkippableFact]
    public async Task Input_RecordsArriveWithEpoll_AreDecryptedOnTheConnectionsThread()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: not Linux");
        await using TlsPair pair = await TlsPair.CreateAsync("epoll");
        await pair.RunAsync(async connection =>
        {
            Reactor? home = Reactor.Current;
            Assert.NotNull(home);
            for (int i = 0; i < 100; i++)
            {
                ValueTask<ReadResult> waiting = connection.Input.ReadAsync();
                await pair.Peer.WriteAsync(new byte[100]);
                Reactor? completedOn = null;
                ReadResult read = await Observed(waiting);
                connection.Input.AdvanceTo(read.Buffer.End);
                Assert.Same(home, completedOn);

                async Task<ReadResult> Observed(ValueTask<ReadResult> wait)
                {
                    ReadResult result = await wait.ConfigureAwait(false);
                    completedOn = Reactor.Current;
                    return result;
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AuthenticateAsync_PeerSpeaksNoTls_SaysWhy(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async accepted =>
        {
            var connection = new TlsConnection(accepted);
            var limit = new HandshakeLimit(1);
            _ = await pair.Peer.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

            string? why = await connection.AuthenticateAsync(
                () => TlsPair.ServerOptions(SslProtocols.None), limit, CancellationToken.None);

            Assert.NotNull(why);
            Assert.Equal(0, limit.Taken);
            await connection.DisposeAsync();
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AuthenticateAsync_PeerSendsNothing_HoldsNoPlaceAndEndsWithItsToken(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async accepted =>
        {
            await using var connection = new TlsConnection(accepted);
            var limit = new HandshakeLimit(1);
            using var time = new CancellationTokenSource();
            Task<string?> handshake = connection.AuthenticateAsync(() => TlsPair.ServerOptions(SslProtocols.None), limit, time.Token);
            await Until.TrueAsync(() => limit.Taken == 0, "it waits for the peer");
            Assert.False(handshake.IsCompleted);

            await time.CancelAsync();

            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handshake);
            Assert.Equal(0, limit.Taken);
        });
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AuthenticateAsync_AllPlacesAreTaken_WaitsForOne(string transport)
    {
        await using TransportPair pair = await TransportPair.CreateAsync(transport);
        await pair.RunAsync(async accepted =>
        {
            await using var connection = new TlsConnection(accepted);
            await using var peer = new SslStream(new NetworkStream(pair.Peer));
            var limit = new HandshakeLimit(1);
            await limit.EnterAsync(CancellationToken.None);
            Task peerReady = peer.AuthenticateAsClientAsync(TlsPair.ClientOptions(SslProtocols.None));
            Task<string?> handshake = connection.AuthenticateAsync(
                () => TlsPair.ServerOptions(SslProtocols.None), limit, CancellationToken.None);
            Assert.False(handshake.IsCompleted);

            limit.Leave();

            Assert.Null(await handshake);
            await peerReady;
            Assert.Equal(SslProtocols.Tls13, connection.Version);
        });
    }

    // Each byte says where it is; the sizes of the chunks are random.
    private static async Task SendAsync(Func<Memory<byte>, ValueTask> write, int seed)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[70_000];
        for (int sent = 0; sent < Bulk;)
        {
            int count = Math.Min(random.Next(1, buffer.Length), Bulk - sent);
            for (int i = 0; i < count; i++)
                buffer[i] = At(sent + i);
            await write(buffer.AsMemory(0, count));
            sent += count;
        }
    }

    private static async Task<bool> MatchesAsync(Func<Memory<byte>, Task<int>> read)
    {
        byte[] buffer = new byte[50_000];
        int received = 0;
        while (await read(buffer) is > 0 and int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer[i] != At(received + i))
                    return false;
            }

            received += count;
        }

        return received == Bulk;
    }

    private static byte At(int position) => (byte)(position ^ (position >> 8) ^ (position >> 16));
}
