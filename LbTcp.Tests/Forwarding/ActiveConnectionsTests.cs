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

    public ActiveConnectionsTests() =>
        _connections = new ActiveConnections(new ConnectionSlots(2), new ConnectionIds(), new(new ForwardingOptions()), _clock);

    [Fact]
    public async Task TrackAsync_AllPlacesTaken_WaitsForTheNextFreeOne()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();
        Assert.True(_connections.Slots.IsFull);

        Task<ActiveConnection> third = _connections.TrackAsync(_client, CancellationToken.None).AsTask();
        Assert.False(third.IsCompleted);
        _connections.Untrack(first);

        _ = await third.Done();
        Assert.True(_connections.Slots.IsFull);
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

        Assert.False(_connections.Slots.IsFull);
        Assert.Equal(1, _connections.Count);
    }

    [Fact]
    public async Task WhenNotFullAsync_Full_CompletesWithAFreePlaceAndLeavesItFree()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();
        Task waiting = _connections.Slots.WhenNotFullAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _connections.Untrack(first);

        await waiting.Done();
        Assert.False(_connections.Slots.IsFull);
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
        var connections = new ActiveConnections(new ConnectionSlots(1), new ConnectionIds(), new(new ForwardingOptions()), _clock);
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
    public void Sweep_IdleForTooLong_EndsTheConnection()
    {
        var connections = new ActiveConnections(
            new ConnectionSlots(2), new ConnectionIds(), new(new ForwardingOptions { IdleTimeout = TimeSpan.FromSeconds(10) }), _clock);
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        _ = Tracked(connections, connection);
        connections.Sweep();

        _clock.Advance(TimeSpan.FromSeconds(9));
        connections.Sweep();
        Assert.False(client.IsReset);
        _clock.Advance(TimeSpan.FromSeconds(1));
        connections.Sweep();

        Assert.True(client.IsReset);
    }

    [Theory]
    [InlineData(100, 3_600_000, 25)]
    [InlineData(10, 3_600_000, 10)]
    [InlineData(60_000, 3_600_000, 250)]
    [InlineData(60_000, 200, 50)]
    [InlineData(200, 0, 50)] // without an idle timeout
    public void SweepInterval_ShortestLimit_IsAQuarterOfItWithinBounds(int connectTimeout, int idleTimeout, int expectedMilliseconds)
    {
        var options = new ForwardingOptions
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(connectTimeout),
            IdleTimeout = TimeSpan.FromMilliseconds(idleTimeout),
            HalfCloseTimeout = TimeSpan.FromHours(1),
            QueueTimeout = TimeSpan.FromHours(1),
        };

        var connections = new ActiveConnections(new ConnectionSlots(2), new ConnectionIds(), new(options), _clock);

        Assert.Equal(TimeSpan.FromMilliseconds(expectedMilliseconds), connections.SweepInterval);
    }

    [Fact]
    public void SweepInterval_StageTimeoutChanges_FollowsIt()
    {
        var timeout = TimeSpan.FromMilliseconds(100);
        var connections = new ActiveConnections(
            new ConnectionSlots(2), new ConnectionIds(), new(new ForwardingOptions()), _clock, () => timeout);
        Assert.Equal(timeout / 4, connections.SweepInterval);

        timeout = TimeSpan.FromSeconds(3);

        Assert.Equal(TimeSpan.FromMilliseconds(250), connections.SweepInterval);
    }

    [Fact]
    public async Task TrackAsync_TwoServices_ShareSlotsAndNumbers()
    {
        var slots = new ConnectionSlots(2);
        var ids = new ConnectionIds();
        var one = new ActiveConnections(slots, ids, new(new ForwardingOptions()), _clock);
        var other = new ActiveConnections(slots, ids, new(new ForwardingOptions()), _clock);

        ActiveConnection first = Tracked(one, InMemoryConnection.CreatePair().Connection);
        ActiveConnection second = Tracked(other, InMemoryConnection.CreatePair().Connection);
        ValueTask<ActiveConnection> third = one.TrackAsync(InMemoryConnection.CreatePair().Connection, CancellationToken.None);

        Assert.Equal((1L, 2L), (first.Id, second.Id));
        Assert.False(third.IsCompleted);
        other.Untrack(second);
        Assert.Equal(3, (await third).Id);
        Assert.Equal((2, 0), (one.Count, other.Count));
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
