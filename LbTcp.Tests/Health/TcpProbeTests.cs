using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Discovery;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Health;

public class TcpProbeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IBackendConnector _sockets = new SocketConnector(new TransportOptions());

    [Fact]
    public async Task ProbeAsync_ServiceListens_IsHealthyAndEndsWithFin()
    {
        await using var server = new LoopbackServer((_, _) => Task.CompletedTask);
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "connected"), await ProbeAsync(server.ToBackend("tcp")));
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
    }

    [Fact]
    public async Task ProbeAsync_ServiceSendsABanner_EndsWithFin()
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            await client.WriteAsync("220 ready\r\n"u8.ToArray(), cancellationToken);
            byte[] one = new byte[1];
            Assert.Equal(0, await client.ReadAsync(one, cancellationToken)); // the probe's FIN
            await client.WriteAsync("221 bye\r\n"u8.ToArray(), cancellationToken);
            client.Socket.Shutdown(SocketShutdown.Send);
        });
        Assert.Equal(ProbeOutcome.Healthy, (await ProbeAsync(server.ToBackend("tcp"))).Outcome);
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
    }

    [Fact]
    public async Task ProbeAsync_ServiceKeepsItsSideOpen_IsHealthyAfterAShortWait()
    {
        var sawFin = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            _ = await client.ReadAsync(new byte[1], cancellationToken);
            sawFin.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        Task<ProbeResult> probing = ProbeAsync(server.ToBackend("tcp"));
        await sawFin.Task.Done();

        Assert.False(probing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(ProbeOutcome.Healthy, (await probing.Done()).Outcome);
    }

    [Fact]
    public async Task ProbeAsync_ServiceNeverStopsSending_IsHealthyAndHangsUp()
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
        {
            byte[] chatter = new byte[32 * 1024];
            while (true)
                await client.WriteAsync(chatter, cancellationToken);
        });
        Assert.Equal(ProbeOutcome.Healthy, (await ProbeAsync(server.ToBackend("tcp")).Done()).Outcome);
    }

    [Fact]
    public async Task ProbeAsync_NothingListens_IsUnhealthyWithTheReason()
    {
        Backend backend;
        await using (var server = new LoopbackServer((_, _) => Task.CompletedTask))
            backend = server.ToBackend("tcp");
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, "connection refused"), await ProbeAsync(backend));
    }

    [Fact]
    public async Task ProbeAsync_DialHangs_TimesOut()
    {
        Task<ProbeResult> probing = new TcpProbe(new HostConnector(HangingConnector(), new HostResolver()), new HealthCheckOptions(),
            _time).ProbeAsync(SomeBackend(), default);
        Assert.False(probing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, "timed out after 2s"), await probing.Done());
    }

    [Fact]
    public async Task ProbeAsync_ProbingEnds_IsCancelled()
    {
        using var stopping = new CancellationTokenSource();
        var probe = new TcpProbe(new HostConnector(HangingConnector(), new HostResolver()), new HealthCheckOptions(), _time);
        Task<ProbeResult> probing = probe.ProbeAsync(SomeBackend(), stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing.Done());
    }

    [Fact]
    public async Task ProbeAsync_NoDescriptors_IsInconclusive()
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(default!, default).ReturnsForAnyArgs(new ConnectionResult(null, SocketError.TooManyOpenSockets));
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Inconclusive, "out of file descriptors"),
            await new TcpProbe(new HostConnector(connector, new HostResolver()), new HealthCheckOptions(), _time).ProbeAsync(
                SomeBackend(), default));
    }

    [Fact]
    public async Task ProbeAsync_NameDoesNotResolve_IsUnhealthyWithTheReason()
    {
        Backend backend = new BackendPool(["no-such-host.invalid:80"]).GetAllBackends()[0];
        ProbeResult result = await ProbeAsync(backend).Done();
        Assert.Equal(ProbeOutcome.Unhealthy, result.Outcome);
        Assert.Contains("name", result.Detail, StringComparison.Ordinal); // not found, or no name server to ask
    }

    [Fact]
    public async Task ProbeAsync_NameNotResolvedYet_ResolvesIt()
    {
        await using var server = new LoopbackServer((_, _) => Task.CompletedTask);
        Backend backend = new BackendPool([$"localhost:{server.EndPoint.Port}"]).GetAllBackends()[0];
        Assert.Equal(ProbeOutcome.Healthy, (await ProbeAsync(backend).Done()).Outcome);
    }

    private static Backend SomeBackend() => new BackendPool(["192.0.2.1:80"]).GetAllBackends()[0];

    private static IBackendConnector HangingConnector()
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(Arg.Any<EndPoint>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            var result = new TaskCompletionSource<ConnectionResult>();
            call.Arg<CancellationToken>().Register(() => result.SetResult(new ConnectionResult(null, SocketError.OperationAborted)));
            return new ValueTask<ConnectionResult>(result.Task);
        });
        return connector;
    }

    private Task<ProbeResult> ProbeAsync(Backend backend) =>
        new TcpProbe(new HostConnector(_sockets, new HostResolver()), new HealthCheckOptions(), _time).ProbeAsync(backend, default);
}
