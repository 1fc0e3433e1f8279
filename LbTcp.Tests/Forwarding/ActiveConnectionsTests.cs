using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class ActiveConnectionsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryConnection _client = InMemoryConnection.CreatePair().Connection;
    private readonly ActiveConnections _connections;

    public ActiveConnectionsTests() => _connections = new ActiveConnections(limit: 2, new ForwardingOptions(), _clock);

    public void Dispose() => _connections.Dispose();

    [Fact]
    public async Task ReserveAsync_AllPlacesTaken_WaitsForTheNextFreeOne()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();
        Assert.False(_connections.TryReserve());

        Task reservation = _connections.ReserveAsync(CancellationToken.None);
        Assert.False(reservation.IsCompleted);
        _connections.Untrack(first);

        await reservation.Done();
        Assert.False(_connections.TryReserve());
        Assert.Equal(1, _connections.Count);
    }

    [Fact]
    public async Task ReserveAsync_Cancelled_LosesNoPlace()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();
        using var cancelling = new CancellationTokenSource();
        Task reservation = _connections.ReserveAsync(cancelling.Token);

        await cancelling.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reservation);
        _connections.Untrack(first);

        Assert.True(_connections.TryReserve());
    }

    [Fact]
    public void CancelReservation_Reserved_GivesThePlaceBack()
    {
        Assert.True(_connections.TryReserve());
        Assert.True(_connections.TryReserve());

        _connections.CancelReservation();

        Assert.True(_connections.TryReserve());
        Assert.False(_connections.TryReserve());
    }

    [Fact]
    public void Untrack_Twice_GivesOnePlaceBack()
    {
        ActiveConnection first = Track().Connection;
        _ = Track();

        _connections.Untrack(first);
        _connections.Untrack(first);

        Assert.Equal(1, _connections.Count);
        Assert.True(_connections.TryReserve());
        Assert.False(_connections.TryReserve());
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
        Assert.True(connections.TryReserve());
        ActiveConnection last = connections.Track(_client);
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
        using var connections = new ActiveConnections(2, new ForwardingOptions { IdleTimeout = TimeSpan.FromSeconds(10) }, _clock);
        using var stopping = new CancellationTokenSource();
        Assert.True(connections.TryReserve());
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        _ = connections.Track(connection);
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
        using var connections = new ActiveConnections(2, options, _clock);
        using var stopping = new CancellationTokenSource();
        ConnectAttempt attempt = connections.Track(InMemoryConnection.CreatePair().Connection).BeginAttempt(options.ConnectTimeout);
        Task sweep = connections.RunSweepAsync(stopping.Token);

        _clock.Advance(TimeSpan.FromMilliseconds(125));

        await Until.TrueAsync(() => attempt.TimedOut, "the attempt was given up");
        await stopping.CancelAsync();
        await sweep.Done();
    }

    private (ActiveConnection Connection, InMemoryConnection Client) Track()
    {
        Assert.True(_connections.TryReserve());
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        return (_connections.Track(connection), client);
    }
}
