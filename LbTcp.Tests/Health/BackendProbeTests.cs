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
    internal void KindFor_BackendsOwnKind_GoesBeforeThatOfAll(string line, CheckKind kind, string expected) =>
        Assert.Equal(expected, new HealthCheckOptions { Kind = kind }.KindFor(Pools.Options(line)[0]).ToString());

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

    private BackendProbe Probe(IBackendConnector connector) =>
        new(new(new HealthCheckOptions()), HostConnectors.Over(connector), new HangUpList(new HangUpPlaces(16), _time), _time);
}
