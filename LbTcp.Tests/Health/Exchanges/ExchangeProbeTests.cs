using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Health.Exchanges;

/// <summary>Exchanges with scripted servers over loopback.</summary>
public class ExchangeProbeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HangUpList _hangUps;

    public ExchangeProbeTests() => _hangUps = new HangUpList(new HangUpPlaces(16), _time);

    [Theory]
    [InlineData(CheckKind.Redis, "PING\r\n", "+PONG\r\n", "QUIT\r\n")]
    [InlineData(CheckKind.Memcached, "version\r\n", "VERSION 1\r\n", "quit\r\n")]
    [InlineData(CheckKind.Smtp, "", "220-a\r\n220 b\r\n", "QUIT\r\n")]
    internal async Task ProbeAsync_AnswerInSingleBytes_IsHealthyAndSaysGoodbye(
        CheckKind kind, string request, string answer, string goodbye)
    {
        var received = new TaskCompletionSource<string>();
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            string asked = await ReadAsync(client, request.Length, cancellationToken);
            foreach (byte value in Encoding.ASCII.GetBytes(answer))
                await client.WriteAsync(new[] { value }, cancellationToken);
            received.SetResult(asked + await ReadAsync(client, goodbye.Length, cancellationToken));
            client.Socket.Shutdown(SocketShutdown.Send); // the server closes first
        });

        ProbeResult result = await ProbeAsync(server, kind).Done();

        Assert.Equal((ProbeOutcome.Healthy, true), (result.Outcome, result.IsAnswer));
        Assert.Equal(request + goodbye, await received.Task.Done());
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
        await _hangUps.WhenIdleAsync().Done();
    }

    [Theory]
    [InlineData(CheckKind.Redis, "redis")]
    [InlineData(CheckKind.Memcached, "memcached")]
    [InlineData(CheckKind.Smtp, "smtp")]
    internal async Task ProbeAsync_ServerIsSilent_TimesOut(CheckKind kind, string name)
    {
        var accepted = new TaskCompletionSource();
        await using var server = new LoopbackServer((_, _) =>
        {
            accepted.SetResult();
            return Task.CompletedTask;
        });
        Task<ProbeResult> probing = ProbeAsync(server, kind);
        await accepted.Task.Done();
        Assert.False(probing.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, $"{name}: timed out after 2s"), await probing.Done());
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
    }

    [Theory]
    [InlineData("", "redis: connection closed without an answer")]
    [InlineData("+PON", "redis: connection closed before the end of the answer")]
    public async Task ProbeAsync_ServerClosesEarly_IsUnhealthyWithTheReason(string answer, string detail)
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            _ = await ReadAsync(client, 6, cancellationToken);
            await client.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
            client.Socket.Shutdown(SocketShutdown.Send);
        });
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, detail), await ProbeAsync(server, CheckKind.Redis).Done());
    }

    [Fact]
    public async Task ProbeAsync_ServerResets_IsUnhealthyWithTheReason()
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            _ = await ReadAsync(client, 6, cancellationToken);
            client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
            client.Socket.Dispose();
            throw new SocketException((int)SocketError.ConnectionReset);
        });
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "redis: connection reset"), await ProbeAsync(server, CheckKind.Redis).Done());
    }

    [Fact]
    public async Task ProbeAsync_EndlessAnswer_IsUnhealthyAndClosed()
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await client.WriteAsync("+"u8.ToArray(), cancellationToken);
            while (true)
                await client.WriteAsync(new byte[1024], cancellationToken);
        });
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "redis: the answer is longer than 4 KiB", IsAnswer: true),
            await ProbeAsync(server, CheckKind.Redis).Done());
        Assert.NotEqual("FIN", await server.FirstClientEnd.Done()); // a write has failed
    }

    [Fact]
    public async Task ProbeAsync_ConfiguredBytes_AreSentAndExpectedAndEndWithFin()
    {
        var received = new TaskCompletionSource<string>();
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            received.SetResult(await ReadAsync(client, 3, cancellationToken));
            await client.WriteAsync("hello, world"u8.ToArray(), cancellationToken);
        });

        ProbeResult result = await ProbeAsync(server, CheckKind.Tcp, @"check_send=a\0\n check_expect=world").Done();

        Assert.Equal(
            new ProbeResult(ProbeOutcome.Healthy, "check_expect: as expected; received 'hello, world'", IsAnswer: true), result);
        Assert.Equal("a\0\n", await received.Task.Done());
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
    }

    [Theory]
    [InlineData(CheckKind.Smtp, "", "220 a\r\n", true)]
    [InlineData(CheckKind.Tcp, "check_expect=a", "a", true)]
    [InlineData(CheckKind.Redis, "", "+PONG\r\n", false)] // the request carries the acknowledgement
    internal async Task ProbeAsync_ServerSpeaksFirst_AcknowledgesTheHandshake(
        CheckKind kind, string keys, string answer, bool isAcknowledged)
    {
        (InMemoryConnection connection, InMemoryConnection server) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(null!, null, default).ReturnsForAnyArgs(new ConnectionResult(connection, SocketError.Success));
        Task<ProbeResult> probing = Probe(kind, connector).ProbeAsync(BackendAt("192.0.2.1:25", keys), TimeSpan.FromSeconds(2), default);

        Assert.Equal(isAcknowledged, connection.IsHandshakeAcknowledged);

        _ = await server.Output.WriteAsync(Encoding.ASCII.GetBytes(answer)).AsTask().Done();
        await server.Output.CompleteAsync();
        Assert.Equal(ProbeOutcome.Healthy, (await probing.Done()).Outcome);
        await _hangUps.WhenIdleAsync().Done();
    }

    [Theory]
    [InlineData(CheckKind.Redis, "header PING\r\n", "+PONG\r\n")]
    [InlineData(CheckKind.Smtp, "header ", "220 a\r\n")] // the server speaks when it has the header
    internal async Task ProbeAsync_Header_ComesInOnePieceWithTheFirstRequest(CheckKind kind, string expected, string answer)
    {
        (InMemoryConnection connection, InMemoryConnection server) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(null!, null, default).ReturnsForAnyArgs(new ConnectionResult(connection, SocketError.Success));
        Task<ProbeResult> probing =
            Probe(kind, connector, "header ").ProbeAsync(BackendAt("192.0.2.1:25", ""), TimeSpan.FromSeconds(2), default);

        ReadResult read = await server.Input.ReadAsync().AsTask().Done();

        Assert.Equal(expected, Encoding.ASCII.GetString(read.Buffer));
        server.Input.AdvanceTo(read.Buffer.End);
        Assert.False(connection.IsHandshakeAcknowledged); // what was sent carries the acknowledgement
        _ = await server.Output.WriteAsync(Encoding.ASCII.GetBytes(answer)).AsTask().Done();
        await server.Output.CompleteAsync();
        Assert.Equal(ProbeOutcome.Healthy, (await probing.Done()).Outcome);
        await _hangUps.WhenIdleAsync().Done();
    }

    private static async Task<string> ReadAsync(NetworkStream client, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        await client.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.ASCII.GetString(bytes);
    }

    private static Backend BackendAt(string address, string keys) => Pools.Of($"{address} {keys}").GetAllBackends()[0];

    private Task<ProbeResult> ProbeAsync(LoopbackServer server, CheckKind kind, string keys = "")
    {
        BackendProbe probe = Probe(kind, new SocketConnector(new TransportOptions(), isForChecks: true));
        return probe.ProbeAsync(BackendAt($"{server.EndPoint}", keys), TimeSpan.FromSeconds(2), default);
    }

    private BackendProbe Probe(CheckKind kind, IBackendConnector connector, string header = "") => new(
        new(new HealthCheckOptions { Kind = kind }),
        _ => Encoding.ASCII.GetBytes(header),
        _ => false,
        HostConnectors.Over(connector),
        _hangUps,
        _time);
}
