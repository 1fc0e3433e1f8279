using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Tls;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Preface;
using LbTcp.Tests.Connections;
using LbTcp.Tests.Connections.Tls;
using LbTcp.Tests.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>Backends that get a header; the clients of these tests connect from 192.0.2.1 to 192.0.2.254.</summary>
public sealed class OutboundPrefaceTests
{
    private const string Header = "PROXY TCP4 192.0.2.1 192.0.2.254 50000 8080\r\n";

    [Theory]
    [InlineData("10.0.0.1:80", Header)] // as all backends of the service
    [InlineData("10.0.0.1:80 send_proxy=v1", Header)]
    [InlineData("10.0.0.1:80 send_proxy=off", "")]
    public async Task RunAsync_ServerSpeaksFirst_HasTheHeaderBeforeAnyByteOfTheClient(string backend, string expected)
    {
        HandlerFixture fixture = Fixture(new PrefaceOptions { SendProxy = SendProxy.V1 }, backend);
        (_, InMemoryConnection peer) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        if (expected.Length > 0)
            Assert.Equal(expected, await ReadAsync(peer));
        _ = await client.Output.WriteAsync("hello"u8.ToArray());
        Assert.Equal("hello", await ReadAsync(peer));
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal((ConnectionEndReason.Completed, 5), (fixture.Record.Reason, fixture.Record.Sent));
    }

    [Fact]
    public async Task RunAsync_BehindAHeaderOfAProxy_PassesItsAddressesOnWithTheFirstBytes()
    {
        var options = new PrefaceOptions { SendProxy = SendProxy.V1, AcceptProxy = [Network.All] };
        HandlerFixture fixture = Fixture(options, "10.0.0.1:80");
        (_, InMemoryConnection peer) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        byte[] sent = [.. ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.Addresses4), .. "hello"u8];
        _ = await client.Output.WriteAsync(sent);

        Assert.Equal("PROXY TCP4 192.0.2.7 192.0.2.8 4711 443\r\nhello", await ReadAsync(peer));
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();
    }

    [Fact]
    public async Task RunAsync_Version2_TellsTheIdOfTheLogAndTheFactsOfThePreface()
    {
        var options = new PrefaceOptions { SendProxy = SendProxy.V2 };
        HandlerFixture fixture = Fixture(options, "10.0.0.1:80", "5f", inbound: new Stage(connection =>
        {
            connection.NeedPreface().ServerName = "example.com";
            connection.NeedPreface().Tls = new TlsFacts("TLSv1.3");
        }));
        (_, InMemoryConnection peer) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        string header = await ReadAsync(peer);
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(1, fixture.Record.Id);
        Assert.Equal("TLSv1.3", fixture.Record.Tls);
        Assert.EndsWith("\u0002\0\vexample.com\u0005\0\u00045f-1 \0\u000F\u0001\0\0\0\u0001!\0\aTLSv1.3", header, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BackendDemandsTlsAsWell_SendsTheHeaderBeforeTheHandshake()
    {
        HandlerFixture fixture = Fixture(new PrefaceOptions { SendProxy = SendProxy.V1 }, "10.0.0.1:80 tls=on");
        (_, InMemoryConnection peer) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        var header = new byte[Header.Length];
        await new DuplexStream(peer).ReadExactlyAsync(header).AsTask().Done();
        Assert.Equal(Header, Encoding.Latin1.GetString(header));
        var backend = new TlsConnection(peer);
        Assert.Null(await backend.AuthenticateAsync(
            () => TlsPair.ServerOptions(SslProtocols.Tls13), new HandshakeLimit(1), CancellationToken.None).Done());
        _ = await client.Output.WriteAsync("hello"u8.ToArray());
        Assert.Equal("hello", await ReadAsync(backend));
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal((ConnectionEndReason.Completed, 5), (fixture.Record.Reason, fixture.Record.Sent));
    }

    // The handshake computes on the thread pool; what comes after it relies on the thread.
    [SkippableFact]
    public async Task RunAsync_HandshakeWithEpoll_CompletesOnTheConnectionsThread()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: not Linux");
        await using TransportPair pair = await TransportPair.CreateAsync("epoll");
        await using var peer = new SslStream(new NetworkStream(pair.Peer));
        Task peerReady = peer.AuthenticateAsServerAsync(TlsPair.ServerOptions(SslProtocols.Tls13));
        var client = new ActiveConnection(1, InMemoryConnection.CreatePair().Connection, TimeProvider.System);
        BackendLease lease = Pools.Of("10.0.0.1:80 tls=on").GetAllBackends()[0].TryAcquire()!;
        var attempt = new DialAttempt(client, lease, Timeout.InfiniteTimeSpan, TimeProvider.System);

        await pair.RunAsync(async dialled =>
        {
            Reactor? home = Reactor.Current;
            Assert.NotNull(home);
            Task<AttemptResult> running = Preface(new PrefaceOptions(), ids: null).RunAsync(attempt, dialled).AsTask();
            Task<Reactor?> completedOn = running.ContinueWith(
                _ => Reactor.Current, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

            AttemptResult result = await running;
            Assert.Same(home, await completedOn);
            await Assert.IsType<TlsConnection>(result.Connection).DisposeAsync();
        });
        await peerReady.Done();
    }

    [Fact]
    public async Task RunAsync_BackendHasReset_IsAFailureOfTheBackend()
    {
        HandlerFixture fixture = Fixture(new PrefaceOptions { SendProxy = SendProxy.V1 }, "10.0.0.1:80");
        (_, InMemoryConnection peer) = fixture.Serves(1);
        peer.Abort();

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal((ConnectionEndReason.BackendReset, 0), (fixture.Record.Reason, fixture.Record.Sent));
    }

    private static HandlerFixture Fixture(
        PrefaceOptions options, string backend, string? ids = null, IConnectionStage? inbound = null) =>
        new(backends: [backend], stages: new ConnectionStages(
            options.AcceptProxy.Count > 0 ? new InboundProxyStage(options, new LogRecorder<InboundProxyStage>()) : null,
            InboundPreface: inbound,
            OutboundPreface: Preface(options, ids)));

    private static OutboundPreface Preface(PrefaceOptions options, string? ids) =>
        new(options, ids, new BackendTlsClient(new HandshakeLimit(1)), TimeSpan.FromSeconds(3));

    private static async Task<string> ReadAsync(IConnection peer)
    {
        ReadResult read = await peer.Input.ReadAsync().AsTask().Done();
        string text = Encoding.Latin1.GetString(read.Buffer);
        peer.Input.AdvanceTo(read.Buffer.End);
        return text;
    }

    private sealed class Stage(Action<ActiveConnection> run) : IConnectionStage
    {
        public TimeSpan Timeout => TimeSpan.FromSeconds(3);

        public ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
        {
            run(connection);
            return ValueTask.FromResult(true);
        }
    }
}
