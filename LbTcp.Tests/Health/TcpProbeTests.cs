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

public class TcpProbeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IBackendConnector _sockets = new SocketConnector(new TransportOptions(), isForChecks: true);

    [SkippableFact]
    public async Task ProbeAsync_ServiceListens_IsHealthyAndTheServiceDoesNotGetTheConnection()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux can hold back the acknowledgement");
        string? firstClient = null;
        for (int attempt = 0; attempt < 20 && firstClient is not "FIN"; attempt++) // it does get a probe that takes 200 ms
        {
            await using var server = new LoopbackServer((_, _) => Task.CompletedTask);
            Assert.Equal(
                new ProbeResult(ProbeOutcome.Healthy, "connected"), await ProbeAsync(server.ToBackend("tcp")));
            using (var client = new TcpClient())
                await client.ConnectAsync(server.EndPoint);
            firstClient = await server.FirstClientEnd.Done();
        }

        Assert.Equal("FIN", firstClient); // not ConnectionReset, which is the end of a probe
    }

    [Fact]
    public async Task ProbeAsync_ServiceAcceptsNothing_IsHealthyAtOnce()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4);
        Backend backend = new BackendPool([$"{listener.LocalEndPoint}"]).GetAllBackends()[0];
        Assert.Equal(ProbeOutcome.Healthy, (await ProbeAsync(backend).Done()).Outcome);
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
        Task<ProbeResult> probing = new TcpProbe(HostConnectors.Over(HangingConnector()), _time)
            .ProbeAsync(SomeBackend(), TimeSpan.FromSeconds(2), default);
        Assert.False(probing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, "timed out after 2s"), await probing.Done());
    }

    [Fact]
    public async Task ProbeAsync_ProbingEnds_IsCancelled()
    {
        using var stopping = new CancellationTokenSource();
        var probe = new TcpProbe(HostConnectors.Over(HangingConnector()), _time);
        Task<ProbeResult> probing = probe.ProbeAsync(SomeBackend(), TimeSpan.FromSeconds(2), stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing.Done());
    }

    [Fact]
    public async Task ProbeAsync_NoDescriptors_IsInconclusive()
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(default!, default, default).ReturnsForAnyArgs(new ConnectionResult(null, SocketError.TooManyOpenSockets));
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Inconclusive, "out of file descriptors"),
            await new TcpProbe(HostConnectors.Over(connector), _time).ProbeAsync(
                SomeBackend(), TimeSpan.FromSeconds(2), default));
    }

    [Fact]
    public async Task ProbeAsync_NameDoesNotResolve_IsUnhealthyWithTheReason()
    {
        Backend backend = new BackendPool(["no-such-host.invalid:80"]).GetAllBackends()[0];
        ProbeResult result = await ProbeAsync(backend).Done();
        Assert.Equal(ProbeOutcome.Unhealthy, result.Outcome);
        Assert.Contains("name", result.Detail, StringComparison.Ordinal); // not found, or no name server to ask
    }

    private static Backend SomeBackend() => new BackendPool(["192.0.2.1:80"]).GetAllBackends()[0];

    private static IBackendConnector HangingConnector()
    {
        IBackendConnector connector = Substitute.For<IBackendConnector>();
        connector.ConnectAsync(Arg.Any<EndPoint>(), Arg.Any<IPAddress?>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            var result = new TaskCompletionSource<ConnectionResult>();
            call.Arg<CancellationToken>().Register(() => result.SetResult(new ConnectionResult(null, SocketError.OperationAborted)));
            return new ValueTask<ConnectionResult>(result.Task);
        });
        return connector;
    }

    private Task<ProbeResult> ProbeAsync(Backend backend) =>
        new TcpProbe(HostConnectors.Over(_sockets), _time).ProbeAsync(backend, TimeSpan.FromSeconds(2), default);
}
