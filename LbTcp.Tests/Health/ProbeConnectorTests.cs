using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Health;

public class ProbeConnectorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IBackendConnector _connector = Substitute.For<IBackendConnector>();
    private readonly ProbeConnector _probeConnector;

    public ProbeConnectorTests()
    {
        _probeConnector = new ProbeConnector(HostConnectors.Over(_connector), _time);
        _connector.ConnectAsync(null!, null, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            var result = new TaskCompletionSource<ConnectionResult>();
            call.Arg<CancellationToken>().Register(() => result.SetResult(new ConnectionResult(null, SocketError.OperationAborted)));
            return new ValueTask<ConnectionResult>(result.Task);
        });
    }

    [Fact]
    public async Task ConnectAsync_DialHangs_TimesOutAtTheLimit()
    {
        using ProbeDeadline deadline = _probeConnector.BeginDeadline(TimeSpan.FromSeconds(2), CancellationToken.None);
        Task<ConnectionResult> connecting = _probeConnector.ConnectAsync(SomeBackend(), deadline).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(connecting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(SocketError.TimedOut, (await connecting.Done()).Error);
    }

    [Fact]
    public async Task ConnectAsync_ProbingEnds_IsCancelled()
    {
        using var stopping = new CancellationTokenSource();
        using ProbeDeadline deadline = _probeConnector.BeginDeadline(TimeSpan.FromSeconds(2), stopping.Token);
        Task<ConnectionResult> connecting = _probeConnector.ConnectAsync(SomeBackend(), deadline).AsTask();

        await stopping.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Done());
    }

    private static Backend SomeBackend() => new BackendPool(["192.0.2.1:80"]).GetAllBackends()[0];
}
