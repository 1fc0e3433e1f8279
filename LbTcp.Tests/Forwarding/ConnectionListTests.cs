using LbTcp.Connections;
using LbTcp.Forwarding;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Lists and finds active connections by their ids.</summary>
public sealed class ConnectionListTests
{
    private const int Many = 3_000; // several pages

    private readonly FakeTimeProvider _clock = new();
    private readonly IConnection _client = Substitute.For<IConnection>();
    private readonly ActiveConnections _connections;

    public ConnectionListTests() =>
        _connections = new ActiveConnections(new ConnectionSlots(Many), new ConnectionIds(), new(new()), _clock);

    [Fact]
    public void After_SeveralPages_ReturnsAllByAscendingId()
    {
        Track(Many);

        Assert.Equal(Enumerable.Range(1, Many).Select(id => (long)id), _connections.After(0).Select(connection => connection.Id));
    }

    [Fact]
    public void After_OldOnesGatheredInOneShard_ReturnsThemFirst()
    {
        foreach (ActiveConnection connection in Track(Many))
        {
            if (connection.Id % 16 != 5 && connection.Id < Many - 100)
                _connections.Untrack(connection);
        }

        long[] ids = [.. _connections.After(0).Select(connection => connection.Id)];

        Assert.Equal(_connections.Count, ids.Length);
        Assert.Equal(ids.Order(), ids);
    }

    [Fact]
    public void After_AnId_ReturnsLargerOnesOnly()
    {
        Track(40);

        Assert.Equal([38L, 39, 40], _connections.After(37).Select(connection => connection.Id));
        Assert.Empty(_connections.After(40));
    }

    [Fact]
    public void After_EndedAndAddedWhileEnumerated_NeverRepeatsOrGoesBack()
    {
        ActiveConnection[] all = Track(2_000);
        List<long> ids = [];

        foreach (ActiveConnection connection in _connections.After(0))
        {
            ids.Add(connection.Id);
            if (connection.Id < 500)
                _connections.Untrack(all[^(int)connection.Id]);
            else if (connection.Id < 600)
                Track(1);
        }

        Assert.Equal(ids.Distinct().Order(), ids);
        Assert.Contains(1_500, ids);
        Assert.Contains(2_099, ids);
        Assert.DoesNotContain(1_999, ids);
    }

    [Fact]
    public void Find_TrackedAndEnded_ReturnsOnlyTheTracked()
    {
        ActiveConnection[] all = Track(40);
        _connections.Untrack(all[19]);

        Assert.Same(all[3], _connections.Find(4));
        Assert.Null(_connections.Find(20));
        Assert.All([-1L, 0, 41, long.MaxValue], id => Assert.Null(_connections.Find(id)));
    }

    [Fact]
    public void Add_OutOfOrder_KeepsTheOrder()
    {
        var shard = new ConnectionShard();
        ActiveConnection[] all = [.. new[] { 16L, 48, 32, 64, 80, 0 }.Select(Create)];
        Array.ForEach(all, shard.Add);
        shard.Remove(all[1]);
        shard.Remove(all[^1]);
        shard.Remove(all[^2]);

        List<ActiveConnection> found = [];
        Assert.False(shard.CopyAfter(0, 10, found));

        Assert.Equal([16L, 32, 64], found.Select(connection => connection.Id));
        found.Clear();
        shard.CopyTo(found);
        Assert.Equal([64L, 32, 16], found.Select(connection => connection.Id));
    }

    private ActiveConnection[] Track(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _connections.TrackAsync(_client, default).Result)];

    private ActiveConnection Create(long id) => new(id, _client, _clock);
}
