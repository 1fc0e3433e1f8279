using System.Net.Sockets;
using System.Text;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Health.Exchanges;

public class HttpExchangeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HangUpList _hangUps;

    public HttpExchangeTests() => _hangUps = new HangUpList(new HangUpPlaces(16), _time);

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("204 No Content", true)]
    [InlineData("299 Whatever", true)]
    [InlineData("300 Multiple Choices", false)]
    [InlineData("401 Unauthorized", false)]
    [InlineData("503 Service Unavailable", false)]
    public async Task ProbeAsync_Answer_IsHealthyWhen2xx(string status, bool isHealthy)
    {
        await using var server = LoopbackServer.Answering($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        ProbeOutcome outcome = isHealthy ? ProbeOutcome.Healthy : ProbeOutcome.Unhealthy;
        Assert.Equal(new ProbeResult(outcome, $"GET /health answered {status[..3]}", IsAnswer: true), await ProbeAsync(server));
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
    }

    [Fact]
    public async Task ProbeAsync_Redirect_IsNotFollowed()
    {
        await using var server = LoopbackServer.Answering("HTTP/1.1 302 Found\r\nLocation: /health\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, "GET /health answered 302", IsAnswer: true), await ProbeAsync(server));
        Assert.Equal(1, server.Clients);
    }

    [Fact]
    public async Task ProbeAsync_NotFound_HintsAtTheFlags()
    {
        await using var server = LoopbackServer.Answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        ProbeResult result = await ProbeAsync(server);
        Assert.Equal((ProbeOutcome.Unhealthy, "GET /health answered 404"), (result.Outcome, result.Detail));
        Assert.Contains("--health-path", result.Hint, StringComparison.Ordinal);
        Assert.Contains("--check tcp", result.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeAsync_Request_IsAPlainGetOfThePathThatClosesAfterwards()
    {
        string request = "";
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            request = await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            await client.WriteAsync("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n"u8.ToArray(), cancellationToken);
            client.Socket.Shutdown(SocketShutdown.Send);
        });
        Backend backend = server.ToBackend("http");
        BackendProbe probe = Probe(new HealthCheckOptions { Path = "/status?full=1" });
        await probe.ProbeAsync(backend, TimeSpan.FromSeconds(2), default);
        await probe.ProbeAsync(backend, TimeSpan.FromSeconds(2), default);
        Assert.Equal(
            ["GET /status?full=1 HTTP/1.1", $"Host: {server.EndPoint}", "Connection: close", "User-Agent: lbtcp"],
            request.TrimEnd().Split("\r\n"));
        Assert.Equal(2, server.Clients);
    }

    [Fact]
    public async Task ProbeAsync_EndlessBody_IsHealthyAndHangsUp()
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            await client.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellationToken);
            while (true)
                await client.WriteAsync(new byte[32 * 1024], cancellationToken);
        });
        Assert.Equal(ProbeOutcome.Healthy, (await ProbeAsync(server).Done()).Outcome);
        Assert.NotEqual("FIN", await server.FirstClientEnd.Done()); // a write has failed
    }

    [Theory]
    [InlineData("X-Padding: 0123456789\r\n")] // ever more headers
    [InlineData("0123456789")] // one header without an end
    public async Task ProbeAsync_EndlessHeaders_IsUnhealthy(string chunk)
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            await client.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellationToken);
            byte[] chunks = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(chunk, 1000)));
            while (true)
                await client.WriteAsync(chunks, cancellationToken);
        });
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "GET /health answered with more than 64 KiB of headers", IsAnswer: true),
            await ProbeAsync(server).Done());
    }

    [Fact]
    public async Task ProbeAsync_NoAnswer_TimesOut()
    {
        var requested = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            requested.SetResult();
        });
        Task<ProbeResult> probing = ProbeAsync(server);
        await requested.Task.Done();
        Assert.False(probing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "GET /health: timed out after 2s"), await probing.Done());
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
    }

    [Fact]
    public async Task ProbeAsync_ProvisionalAnswersForEver_TimesOut()
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            for (int i = 0; ; i++)
            {
                await client.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
                if (i == 100)
                    _time.Advance(TimeSpan.FromSeconds(2));
            }
        });
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "GET /health: timed out after 2s"), await ProbeAsync(server).Done());
    }

    [Fact]
    public async Task ProbeAsync_ProbingEnds_IsCancelled()
    {
        var requested = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            requested.SetResult();
        });
        using var stopping = new CancellationTokenSource();
        Task<ProbeResult> probing = Probe(new HealthCheckOptions())
            .ProbeAsync(server.ToBackend("http"), TimeSpan.FromSeconds(2), stopping.Token);
        await requested.Task.Done();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing.Done());
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "GET /health: the answer is not HTTP")]
    [InlineData("", "GET /health: connection closed without an answer")]
    [InlineData("HTTP/1.1 20", "GET /health: connection closed without an answer")]
    [InlineData("HTTP/1.1 200 OK\r\n", "GET /health: connection closed before the end of the headers")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "GET /health: connection closed before the end of the headers")]
    public async Task ProbeAsync_NoHttpAnswer_IsUnhealthyWithTheReason(string answer, string detail)
    {
        await using var server = LoopbackServer.Answering(answer);
        bool isAnswer = answer.StartsWith("SSH", StringComparison.Ordinal);
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: isAnswer), await ProbeAsync(server).Done());
    }

    [Fact]
    public async Task ProbeAsync_ConnectionReset_IsUnhealthyWithTheReason()
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await LoopbackServer.ReadRequestAsync(client, cancellationToken);
            client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
            client.Socket.Dispose();
            throw new SocketException((int)SocketError.ConnectionReset);
        });
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "GET /health: connection reset"), await ProbeAsync(server).Done());
    }

    [Fact]
    public async Task ProbeAsync_NothingListens_IsUnhealthyWithTheReason()
    {
        Backend backend;
        await using (var server = LoopbackServer.Answering(""))
            backend = server.ToBackend("http");
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "connection refused"),
            await Probe(new()).ProbeAsync(backend, TimeSpan.FromSeconds(2), default));
    }

    [Fact]
    public async Task ProbeAsync_NoDescriptors_IsInconclusive()
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(default!, default, default).ReturnsForAnyArgs(new ConnectionResult(null, SocketError.TooManyOpenSockets));
        Backend backend = new BackendPool(["http://192.0.2.1:80"]).GetAllBackends()[0];
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Inconclusive, "out of file descriptors"),
            await new BackendProbe(
                new(new HealthCheckOptions()), _ => default, _ => false, HostConnectors.Over(connector), _hangUps, _time).ProbeAsync(
                backend, TimeSpan.FromSeconds(2), default));
    }

    private Task<ProbeResult> ProbeAsync(LoopbackServer server) =>
        Probe(new HealthCheckOptions()).ProbeAsync(server.ToBackend("http"), TimeSpan.FromSeconds(2), default);

    private BackendProbe Probe(HealthCheckOptions options)
    {
        var connector = new SocketConnector(new TransportOptions(), isForChecks: true);
        return new BackendProbe(new(options), _ => default, _ => false, HostConnectors.Over(connector), _hangUps, _time);
    }
}
