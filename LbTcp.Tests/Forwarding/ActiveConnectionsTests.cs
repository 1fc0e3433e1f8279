using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class ActiveConnectionsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryConnection _client = InMemoryConnection.CreatePair().Connection;
    private readonly ActiveConnections _connections;

    public ActiveConnectionsTests() => _connections = new ActiveConnections(limit: 2, new ForwardingOptions(), _clock);

    [Fact]
    public async Task TrackAsync_AllPlacesTaken_WaitsForTheNextFreeOne()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();
        Assert.True(_connections.IsFull);

        Task<ActiveConnection> third = _connections.TrackAsync(_client, CancellationToken.None).AsTask();
        Assert.False(third.IsCompleted);
        _connections.Untrack(first);

        _ = await third.Done();
        Assert.True(_connections.IsFull);
        Assert.Equal(2, _connections.Count);
    }

    [Fact]
    public async Task TrackAsync_Cancelled_LosesNoPlace()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();
        using var cancelling = new CancellationTokenSource();
        Task<ActiveConnection> third = _connections.TrackAsync(_client, cancelling.Token).AsTask();

        await cancelling.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        _connections.Untrack(first);

        Assert.False(_connections.IsFull);
        Assert.Equal(1, _connections.Count);
    }

    [Fact]
    public async Task WhenNotFullAsync_Full_CompletesWithAFreePlaceAndLeavesItFree()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();
        Task waiting = _connections.WhenNotFullAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _connections.Untrack(first);

        await waiting.Done();
        Assert.False(_connections.IsFull);
    }

    [Fact]
    public void Track_Several_NumbersThemUniquely() => Assert.NotEqual(Track().Connection.Id, Track().Connection.Id);

    [Fact]
    public async Task WhenEmptyAsync_SomeLeft_CompletesWithTheLast()
    {
        ActiveConnection first = Track().Connection;
        ActiveConnection second = Track().Connection;

        Task empty = _connections.WhenEmptyAsync();
        _connections.Untrack(first);
        Assert.False(empty.IsCompleted);
        _connections.Untrack(second);

        await empty.Done();
    }

    [Fact]
    public void WhenEmptyAsync_NoneLeft_IsCompleted() => Assert.True(_connections.WhenEmptyAsync().IsCompletedSuccessfully);

    // Either the one who waits sees the last one gone, or the last one sees that somebody waits.
    [Fact]
    public Task WhenEmptyAsync_WhileTheLastIsUntracked_NeverMissesIt() => Race.RunAsync(rounds: 20_000, () =>
    {
        var connections = new ActiveConnections(limit: 1, new ForwardingOptions(), _clock);
        ActiveConnection last = Tracked(connections, _client);
        Task? empty = null;
        return (
            () => empty = connections.WhenEmptyAsync(),
            () => connections.Untrack(last),
            () =>
            {
                Assert.True(empty!.IsCompleted);
                return Task.CompletedTask;
            }
        );
    });

    [Fact]
    public void EndAll_Some_ResetsThemAndSaysHowMany()
    {
        InMemoryConnection[] clients = [Track().Client, Track().Client];

        Assert.Equal(2, _connections.EndAll(ConnectionEndReason.DrainTimeout));

        Assert.All(clients, client => Assert.True(client.IsReset));
    }

    [Fact]
    public async Task RunSweepAsync_TimePasses_EndsWhatIsIdleUntilItIsCancelled()
    {
        var connections = new ActiveConnections(2, new ForwardingOptions { IdleTimeout = TimeSpan.FromSeconds(10) }, _clock);
        using var stopping = new CancellationTokenSource();
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        _ = Tracked(connections, connection);
        Task sweep = connections.RunSweepAsync(stopping.Token);

        await Until.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return client.IsReset;
            },
            "the sweep has ended the idle connection");
        await stopping.CancelAsync();

        await sweep.Done();
    }

    [Fact]
    public async Task RunSweepAsync_ShortLimits_IsFineEnoughForThem()
    {
        var options = new ForwardingOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) };
        var connections = new ActiveConnections(2, options, _clock);
        using var stopping = new CancellationTokenSource();
        ConnectAttempt attempt = Tracked(connections, InMemoryConnection.CreatePair().Connection).BeginAttempt(options.ConnectTimeout);
        Task sweep = connections.RunSweepAsync(stopping.Token);

        _clock.Advance(TimeSpan.FromMilliseconds(125));

        await Until.TrueAsync(() => attempt.TimedOut, "the attempt was given up");
        await stopping.CancelAsync();
        await sweep.Done();
    }

    private (ActiveConnection Connection, InMemoryConnection Client) Track()
    {
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        return (Tracked(_connections, connection), client);
    }

    private static ActiveConnection Tracked(ActiveConnections connections, InMemoryConnection client)
    {
        ValueTask<ActiveConnection> tracking = connections.TrackAsync(client, CancellationToken.None);
        Assert.True(tracking.IsCompletedSuccessfully);
        return tracking.Result;
    }
}
