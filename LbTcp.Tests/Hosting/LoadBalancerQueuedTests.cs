using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Hosting;

/// <summary>What happens to the clients that are in the system's queue when the balancer stops.</summary>
public sealed class LoadBalancerQueuedTests : IDisposable
{
    private readonly LoadBalancerFixture _fixture = new();
    private readonly IConnectionListener _listener = Substitute.For<IConnectionListener>();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_StoppedWithClientsQueued_ServesThem()
    {
        InMemoryConnection[] clients = Queue(2);
        Task<bool> run = _fixture.Run(_listener);

        await _fixture.Stopping.CancelAsync();
        await Until.TrueAsync(() => _fixture.DrainLogs.Of(EventIds.Draining).Count == 1, "it drains");

        Assert.Equal(2, _fixture.Connections.Count);
        foreach (InMemoryConnection client in clients)
            await _fixture.EndAsync(client);
        Assert.True(await run.Done());
        Assert.All(
            _fixture.HandlerLogs.States<ConnectionEndRecord>(), record => Assert.Equal(ConnectionEndReason.Completed, record.Reason));
    }

    [Fact]
    public async Task RunAsync_StoppedWithMoreClientsQueuedThanSlots_ResetsTheRest()
    {
        InMemoryConnection[] clients = Queue(3);
        Task<bool> run = _fixture.Run(_listener);

        await _fixture.Stopping.CancelAsync();
        await Until.TrueAsync(() => _fixture.DrainLogs.Of(EventIds.Draining).Count == 1, "it drains");

        Assert.Equal(2, _fixture.Connections.Count);
        Assert.Equal([SocketError.Success, SocketError.Success], clients[..2].Select(client => client.Failure));
        await _fixture.StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_StoppedDuringAFlood_StopsAllTheSame()
    {
        _listener.AcceptAsync(CancellationToken.None).ReturnsForAnyArgs<ValueTask<ConnectionResult>>(
            async call =>
            {
                await WhenFiredAsync(call.Arg<CancellationToken>());
                return ConnectionResult.Failed(SocketError.ConnectionReset);
            });
        Task<bool> run = _fixture.Run(_listener);

        await _fixture.StopAsync(run);
    }

    // Handed out after the stop only.
    private InMemoryConnection[] Queue(int count)
    {
        (InMemoryConnection Connection, InMemoryConnection Peer)[] pairs =
            [.. Enumerable.Range(0, count).Select(_ => InMemoryConnection.CreatePair())];
        var queued = new Queue<InMemoryConnection>(pairs.Select(pair => pair.Connection));
        _listener.AcceptAsync(CancellationToken.None).ReturnsForAnyArgs<ValueTask<ConnectionResult>>(
            async call =>
            {
                await WhenFiredAsync(call.Arg<CancellationToken>());
                return queued.TryDequeue(out InMemoryConnection? client)
                    ? ConnectionResult.Of(client)
                    : ConnectionResult.Failed(SocketError.OperationAborted);
            });
        return [.. pairs.Select(pair => pair.Peer)];
    }

    private static async ValueTask WhenFiredAsync(CancellationToken token) =>
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
