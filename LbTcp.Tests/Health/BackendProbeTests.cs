using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Health;

public class BackendProbeTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("tcp://a:1", CheckKind.Auto, "Tcp")]
    [InlineData("http://a:1", CheckKind.Auto, "Http")]
    [InlineData("http://a:1", CheckKind.Tcp, "Tcp")]
    [InlineData("http://a:1 check=tcp", CheckKind.Http, "Tcp")]
    [InlineData("a:1 check=http", CheckKind.None, "Http")]
    [InlineData("http://a:1 check=auto", CheckKind.Tcp, "Http")]
    [InlineData("a:1 check=none", CheckKind.Tcp, "None")]
    [InlineData("a:1 check=redis", CheckKind.Http, "Redis")]
    [InlineData("http://a:1 check_send=x", CheckKind.Auto, "Expect")]
    [InlineData("a:1 check_expect=x", CheckKind.Tcp, "Expect")]
    [InlineData("a:1 check_expect=x", CheckKind.Redis, "Redis")]
    internal void KindFor_BackendsOwnKind_GoesBeforeThatOfAll(string line, CheckKind kind, string expected) =>
        Assert.Equal(expected, new HealthCheckOptions { Kind = kind }.KindFor(Pools.Options(line)[0]).ToString());

    [Theory]
    [InlineData("a:1", "Expect", "s", "e")]
    [InlineData("http://a:1", "Expect", "s", "e")]
    [InlineData("a:1 check_expect=x", "Expect", "s", "x")]
    [InlineData("a:1 check=auto check_expect=x", "Expect", null, "x")]
    [InlineData("a:1 check=tcp", "Tcp", null, null)] // a kind of its own takes no bytes from the service
    [InlineData("a:1 check=smtp", "Smtp", null, null)]
    public void KindFor_ServiceWithBytes_IsThatOfBackendsWithoutAKindOfTheirOwn(string line, string kind, string? send, string? expect)
    {
        var options = new HealthCheckOptions { Send = Bytes("s"), Expect = Bytes("e") };
        BackendOptions backend = Pools.Options(line)[0];
        Assert.Equal(
            (kind, send, expect),
            (options.KindFor(backend).ToString(), options.SendFor(backend)?.ToString(), options.ExpectFor(backend)?.ToString()));
    }

    [Theory]
    [InlineData(CheckKind.Auto, true)]
    [InlineData(CheckKind.Tcp, true)]
    [InlineData(CheckKind.Redis, false)]
    [InlineData(CheckKind.None, false)]
    internal void FindConflict_BytesWithAKind_IsNoneForATcpCheck(CheckKind kind, bool isAccepted)
    {
        Assert.Null(new HealthCheckOptions { Kind = kind }.FindConflict());
        Assert.Equal(isAccepted, new HealthCheckOptions { Kind = kind, Expect = Bytes("x") }.FindConflict() is null);
    }

    [Fact]
    public async Task ProbeAsync_HttpHealthOfATcpServiceOnAnotherPort_ProbesThere()
    {
        string request = "";
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            request = await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            await client.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellationToken);
            client.Socket.Shutdown(SocketShutdown.Send);
        });
        int port = server.ToBackend("http").Address.Port;
        Backend backend = Pools.Of($"127.0.0.1:1 check=http check_port={port} health_path=/primary").GetAllBackends()[0];

        ProbeResult result = await Probe(new SocketConnector(new TransportOptions())).ProbeAsync(backend, TimeSpan.FromSeconds(2), default);

        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "GET /primary answered 200", IsAnswer: true), result);
        Assert.Contains($"Host: 127.0.0.1:{port}", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeAsync_TcpCheckOfAnotherPort_DialsIt()
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(default!, default, default).ReturnsForAnyArgs(new ConnectionResult(null, SocketError.ConnectionRefused));

        _ = await Probe(connector).ProbeAsync(Pools.Of("192.0.2.1:80 check_port=81").GetAllBackends()[0], TimeSpan.FromSeconds(2), default);

        await connector.Received(1).ConnectAsync(IPEndPoint.Parse("192.0.2.1:81"), null, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task ProbeAsync_HttpCheckOfAUnixSocket_AsksForLocalhost()
    {
        UnixEndPoint endPoint = RawSockets.FreeUnix();
        using Socket listener = RawSockets.ListenAt(endPoint);
        Task<string> serving = Task.Run(async () =>
        {
            using var client = new NetworkStream(await listener.AcceptAsync(), ownsSocket: true);
            string request = await LoopbackServer.ReadRequestAsync(client, default);
            await client.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            return request;
        });

        ProbeResult result = await Probe(new SocketConnector(new TransportOptions()))
            .ProbeAsync(Pools.Of($"{endPoint} check=http").GetAllBackends()[0], TimeSpan.FromSeconds(2), default);

        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "GET /health answered 200", IsAnswer: true), result);
        Assert.Contains("\r\nHost: localhost\r\n", await serving.Done(), StringComparison.Ordinal);
    }

    private static EscapedBytes Bytes(string text) =>
        EscapedBytes.TryParse(text, out EscapedBytes? bytes, out _) ? bytes : throw new FormatException();

    private BackendProbe Probe(IBackendConnector connector) => new(
        new(new HealthCheckOptions()),
        _ => default,
        _ => false,
        HostConnectors.Over(connector),
        new HangUpList(new HangUpPlaces(16), _time),
        _time);
}
