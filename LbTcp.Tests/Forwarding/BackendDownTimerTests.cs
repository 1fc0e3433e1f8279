using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class BackendDownTimerTests
{
    private static readonly ForwardingOptions _close = new() { OnDown = OnDown.Close, CloseSpread = TimeSpan.FromSeconds(5) };

    private readonly FakeTimeProvider _clock = new();
    private readonly BackendPool _pool = new(["10.0.0.1:80"]);
    private long _lastId;

    [Fact]
    public void Check_BackendGoesDown_EndsItsConnectionsEvenlyOverTheSpread()
    {
        ActiveConnection[] connections = [.. Enumerable.Range(0, 1000).Select(_ => Connect())];
        Sweep(connections, _close);
        _ = _pool.MarkUnhealthy("10.0.0.1:80");
        Sweep(connections, _close);

        for (int second = 1; second <= 5; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Sweep(connections, _close);
            Assert.InRange(connections.Count(connection => connection.IsDecided), (second * 200) - 10, (second * 200) + 10);
        }

        Assert.All(connections, connection => Assert.Equal(ConnectionEndReason.BackendDown, connection.ToRecord().Reason));
    }

    [Fact]
    public void Check_BackendGoesDown_ResetsBothSides()
    {
        (InMemoryConnection toClient, InMemoryConnection client) = InMemoryConnection.CreatePair();
        (InMemoryConnection toBackend, InMemoryConnection backend) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        ActiveConnection connection = Connect(toClient, toBackend);
        _ = _pool.MarkUnhealthy("10.0.0.1:80");

        Sweep([connection], _close with { CloseSpread = TimeSpan.Zero });

        Assert.True(client.IsReset);
        Assert.True(backend.IsReset);
    }

    [Fact]
    public void Check_BackendReturnsWithinTheSpread_KeepsWhatIsLeft()
    {
        ActiveConnection[] connections = [.. Enumerable.Range(0, 100).Select(_ => Connect())];
        _ = _pool.MarkUnhealthy("10.0.0.1:80");
        Sweep(connections, _close);
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        Sweep(connections, _close);
        int ended = connections.Count(connection => connection.IsDecided);

        _ = _pool.MarkHealthy("10.0.0.1:80");
        Sweep(connections, _close);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Sweep(connections, _close);

        Assert.InRange(ended, 45, 55);
        Assert.Equal(ended, connections.Count(connection => connection.IsDecided));
    }

    [Fact]
    public void Check_Keep_EndsNothing()
    {
        ActiveConnection connection = Connect();
        _ = _pool.MarkUnhealthy("10.0.0.1:80");

        Sweep([connection], new ForwardingOptions());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Sweep([connection], new ForwardingOptions());

        Assert.False(connection.IsDecided);
    }

    [Fact]
    public void Check_BackendWasTriedThoughItWasDown_LeavesItAlone()
    {
        _ = _pool.MarkUnhealthy("10.0.0.1:80");
        ActiveConnection connection = Connect();

        Sweep([connection], _close);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Sweep([connection], _close);

        Assert.False(connection.IsDecided);
    }

    [Fact]
    public void Check_BackendIsRemoved_EndsItsConnectionsEvenlyOverTheSpread()
    {
        ForwardingOptions close = new() { OnRemoved = OnRemoved.Close, CloseSpread = TimeSpan.FromSeconds(5) };
        ActiveConnection[] connections = [.. Enumerable.Range(0, 1000).Select(_ => Connect())];
        _ = _pool.Apply("10.0.0.2:80");
        Sweep(connections, close);

        for (int second = 1; second <= 5; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Sweep(connections, close);
            Assert.InRange(connections.Count(connection => connection.IsDecided), (second * 200) - 10, (second * 200) + 10);
        }

        Assert.All(connections, connection => Assert.Equal(ConnectionEndReason.BackendRemoved, connection.ToRecord().Reason));
    }

    [Fact]
    public void Check_RemovedBackendReturnsWithinTheSpread_KeepsWhatIsLeft()
    {
        ForwardingOptions close = _close with { OnRemoved = OnRemoved.Close };
        ActiveConnection[] connections = [.. Enumerable.Range(0, 100).Select(_ => Connect())];
        _ = _pool.Apply("10.0.0.2:80");
        Sweep(connections, close);
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        Sweep(connections, close);
        int ended = connections.Count(connection => connection.IsDecided);

        _ = _pool.Apply("10.0.0.1:80");
        Sweep(connections, close);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Sweep(connections, close);

        Assert.InRange(ended, 45, 55);
        Assert.Equal(ended, connections.Count(connection => connection.IsDecided));
    }

    // Whether it is down is another question than whether it is removed.
    [Fact]
    public void Check_BackendThatWasDownIsRemovedAndReturnsDown_IsLeftAlone()
    {
        ForwardingOptions close = _close with { OnRemoved = OnRemoved.Close };
        _ = _pool.MarkUnhealthy("10.0.0.1:80");
        ActiveConnection connection = Connect();
        _ = _pool.Apply("10.0.0.2:80");
        Sweep([connection], close);
        _ = _pool.Apply("10.0.0.1:80");

        Sweep([connection], close);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Sweep([connection], close);

        Assert.False(connection.IsDecided);
    }

    [Fact]
    public void Check_BackendIsRemovedAndDrained_EndsNothing()
    {
        ActiveConnection connection = Connect();
        _ = _pool.Apply("10.0.0.2:80");

        Sweep([connection], _close);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Sweep([connection], _close);

        Assert.False(connection.IsDecided);
    }

    private static void Sweep(ActiveConnection[] connections, ForwardingOptions options)
    {
        foreach (ActiveConnection connection in connections)
            connection.CheckTimers(options);
    }

    private ActiveConnection Connect() => Connect(InMemoryConnection.CreatePair().Connection, InMemoryConnection.CreatePair().Connection);

    private ActiveConnection Connect(InMemoryConnection toClient, InMemoryConnection toBackend)
    {
        var connection = new ActiveConnection(++_lastId, toClient, _clock);
        Backend backend = _pool.GetAllBackends()[0];
        connection.Dial.Hold(Assert.IsType<BackendLease>(backend.TryAcquire()));
        connection.Dial.Established(toBackend);
        return connection;
    }
}
