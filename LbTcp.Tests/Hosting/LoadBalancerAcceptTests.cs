using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Hosting;

/// <summary>What the balancer does when accepting fails.</summary>
public sealed class LoadBalancerAcceptTests : IDisposable
{
    private readonly LoadBalancerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(SocketError.ConnectionReset)]
    [InlineData(SocketError.ConnectionAborted)]
    [InlineData(SocketError.Interrupted)]
    [InlineData(SocketError.WouldBlock)]
    public async Task RunAsync_ClientsResetBeforeTheyAreAccepted_ServesTheNext(SocketError error)
    {
        Task<bool> run = _fixture.Run();

        for (int i = 0; i < 1000; i++)
            _fixture.Script.Fail(error);
        _ = _fixture.Script.Connect();

        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "the next client is served");
        await _fixture.StopAsync(run);
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.AddressNotAvailable)]
    [InlineData(SocketError.NetworkDown)]
    [InlineData(SocketError.NetworkUnreachable)]
    [InlineData(SocketError.HostDown)]
    [InlineData(SocketError.HostUnreachable)]
    [InlineData(SocketError.ProtocolNotSupported)]
    [InlineData(SocketError.ProtocolOption)]
    [InlineData(SocketError.OperationNotSupported)]
    [InlineData(SocketError.TimedOut)]
    [InlineData(SocketError.AccessDenied)]
    [InlineData(SocketError.SocketError)]
    public async Task RunAsync_NoResources_PausesAndWarnsOnceASecond(SocketError error)
    {
        Task<bool> run = _fixture.Run();

        for (int i = 0; i < 25; i++)
        {
            _fixture.Script.Fail(error);
            await _fixture.Clock.HasTimersAsync(i + 2);
            Assert.Equal(i + 1, _fixture.Script.Accepts);
            _fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(3, _fixture.AcceptLogs.Of(EventIds.AcceptOutOfDescriptors).Count);
        _ = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "the next client is served");
        await _fixture.StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_UnknownError_StopsAllLoopsInOrderAndLogsIt()
    {
        var other = new ListenerScript();
        Task<bool> run = _fixture.Run(_fixture.Script.Listener, other.Listener);
        InMemoryConnection client = other.Connect();
        await Until.TrueAsync(() => _fixture.Connections.Count == 1, "a client is served");

        _fixture.Script.Fail(SocketError.InvalidArgument);
        await Until.TrueAsync(() => _fixture.DrainLogs.Of(EventIds.Draining).Count == 1, "it drains");
        await _fixture.EndAsync(client);

        Assert.False(await run.Done());
        Assert.Equal(LogLevel.Critical, Assert.Single(_fixture.Logs.Of(EventIds.ServiceFailed)).Level);
        Assert.Equal(ConnectionEndReason.Completed, Assert.Single(_fixture.HandlerLogs.States<ConnectionEndRecord>()).Reason);
    }

    [Fact]
    public async Task RunAsync_ListenerThrows_StopsInOrderAndLogsIt()
    {
        IConnectionListener listener = Substitute.For<IConnectionListener>();
        listener.AcceptAsync(CancellationToken.None).ReturnsForAnyArgs<ValueTask<ConnectionResult>>(
            _ => throw new InvalidOperationException("a defect"));

        Assert.False(await _fixture.Run(listener).Done());

        _ = Assert.Single(_fixture.Logs.Of(EventIds.ServiceFailed));
    }

    [Fact]
    public async Task RunAsync_ListenerClosedByOthers_IsAFailure()
    {
        Task<bool> run = _fixture.Run();

        _fixture.Script.Fail(SocketError.OperationAborted);

        Assert.False(await run.Done());
    }
}
