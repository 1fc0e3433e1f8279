using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

public sealed class RebalancerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BackendPool _pool = Pools.Of("a:1", "b:1");
    private readonly CurrentOptions<ForwardingOptions> _options = new(new ForwardingOptions { Reconnectable = true });
    private readonly LogRecorder<Rebalancer> _logs = new();
    private readonly ActiveConnections _connections;
    private readonly Rebalancer _rebalancer;

    public RebalancerTests()
    {
        _connections = new ActiveConnections(new ConnectionSlots(1_000), new ConnectionIds(), _options, _clock);
        Balancer balancer = _pool.BalancedBy(new RoundRobinPolicy()).Balancer;
        _rebalancer = new Rebalancer(() => [balancer.Current.Weights], _connections, _options, _logs);
    }

    [Theory]
    [InlineData("weight=1", 100, 0, 0.1, 55, 50, 45)]
    [InlineData("weight=3", 100, 0, 0, 75, 75, 25)]
    [InlineData("weight=1", 55, 45, 0.1, 55, 50, 0)]
    [InlineData("weight=1", 3, 0, 0, 2, 2, 1)] // half a connection cannot be moved
    [InlineData("weight=1", 0, 0, 0, 0, 0, 0)]
    public void Find_OpenConnections_LeavesShareAndTolerance(
        string weight, int a, int b, double tolerance, int left, int target, int surplus)
    {
        BackendPool pool = Pools.Of($"a:1 {weight}", "b:1");
        pool.Named("a:1").Load(a);
        pool.Named("b:1").Load(b);

        IReadOnlyList<BackendSurplus> found = BackendSurplus.Find(pool.Snapshot.Available, tolerance);

        if (surplus == 0)
            Assert.Empty(found);
        else
            Assert.Equal(new BackendSurplus(pool.Named("a:1"), a, target, surplus), Assert.Single(found));
        Assert.Equal(left, a - surplus);
    }

    [Fact]
    public void Start_NotReconnectable_ClosesNothing()
    {
        _options.Replace(new ForwardingOptions());
        _ = Open("a:1", 10);

        Assert.Null(_rebalancer.Start(perSecond: 5, tolerance: 0));

        Assert.Equal(Timeout.InfiniteTimeSpan, _rebalancer.Tick);
    }

    [Fact]
    public void Advance_Surplus_ClosesTheLongestIdleOnesAtTheRate()
    {
        ActiveConnection[] open = Open("a:1", 3);
        _clock.Advance(TimeSpan.FromMinutes(1));
        open = [.. open, .. Open("a:1", 5)];
        _clock.Advance(TimeSpan.FromMinutes(1));
        Move(open[0], bytes: 10);
        bool isRescheduled = false;
        _rebalancer.Started += () => isRescheduled = true;

        BackendSurplus surplus = Assert.Single(_rebalancer.Start(perSecond: 5, tolerance: 0)!);
        Assert.Equal((8, 4, 4), (surplus.Open, surplus.Target, surplus.Surplus));
        Assert.Equal((TimeSpan.FromMilliseconds(200), true), (_rebalancer.Tick, isRescheduled));

        _ = Assert.Single(Closed(_rebalancer.Advance, open));
        _ = Assert.Single(Closed(_rebalancer.Advance, open));
        Assert.True(open[1].IsDecided && open[2].IsDecided);
        Assert.Equal(2, Closed(() => Advance(10), open).Count());
        Assert.False(open[0].IsDecided);
        Assert.All(open.Where(one => one.IsDecided), one => Assert.Equal(ConnectionEndReason.Rebalanced, one.Reason));
        Assert.Equal(Timeout.InfiniteTimeSpan, _rebalancer.Tick);
        Assert.Equal(EventIds.RebalanceEnded, Assert.Single(_logs.Records).EventId);
    }

    [Fact]
    public void Advance_HighRate_ClosesSeveralPerTick()
    {
        ActiveConnection[] open = Open("a:1", 100);
        _ = _rebalancer.Start(perSecond: 1000, tolerance: 0);

        Assert.Equal(TimeSpan.FromMilliseconds(20), _rebalancer.Tick);
        Assert.Equal(20, Closed(_rebalancer.Advance, open).Count());
    }

    [Fact]
    public void Advance_SelectedConnectionMovesBytes_ClosesAnotherOne()
    {
        ActiveConnection[] open = Open("a:1", 4);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _ = _rebalancer.Start(perSecond: 2, tolerance: 0);
        int first = Assert.Single(Closed(_rebalancer.Advance, open));
        int stays = first == 3 ? 0 : 3; // idle
        foreach (int i in Enumerable.Range(0, 4).Where(i => i != first && i != stays))
            Move(open[i], bytes: 1);

        Advance(2);

        Assert.Equal(2, open.Count(one => one.IsDecided));
        Assert.True(open[stays].IsDecided);
    }

    [Fact]
    public void Advance_ClientsReturnToTheSameBackend_ClosesNoMoreThanPlanned()
    {
        List<ActiveConnection> open = [.. Open("a:1", 10)];
        _ = _rebalancer.Start(perSecond: 1, tolerance: 0);

        for (int i = 0; i < 50; i++)
        {
            _rebalancer.Advance();
            open.AddRange(Open("a:1", 10 - _pool.Named("a:1").OpenConnections));
        }

        Assert.Equal(5, open.Count(one => one.IsDecided));
        Assert.Equal(Timeout.InfiniteTimeSpan, _rebalancer.Tick);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Advance_BackendGoesAwayOrServiceNoLongerReconnectable_Ends(bool goesAway)
    {
        ActiveConnection[] open = Open("a:1", 10);
        _ = _rebalancer.Start(perSecond: 1, tolerance: 0);
        if (goesAway)
            _ = _pool.MarkUnhealthy("b:1");
        else
            _options.Replace(new ForwardingOptions());

        Assert.Empty(Closed(_rebalancer.Advance, open));

        Assert.Equal(Timeout.InfiniteTimeSpan, _rebalancer.Tick);
    }

    [Fact]
    public void Start_BalancedAgainWhileUnderWay_ReplacesIt()
    {
        ActiveConnection[] open = Open("a:1", 10);
        _ = _rebalancer.Start(perSecond: 1, tolerance: 0);

        Assert.Empty(_rebalancer.Start(perSecond: 1, tolerance: 2)!);

        Assert.Empty(Closed(_rebalancer.Advance, open));
        Assert.Equal(Timeout.InfiniteTimeSpan, _rebalancer.Tick);
    }

    private void Advance(int ticks)
    {
        for (int i = 0; i < ticks; i++)
            _rebalancer.Advance();
    }

    // The connections that were closed meanwhile; their handler releases the slot.
    private static IEnumerable<int> Closed(Action act, ActiveConnection[] open)
    {
        bool[] before = [.. open.Select(one => one.IsDecided)];
        act();
        return [.. Enumerable.Range(0, open.Length).Where(i => open[i].IsDecided && !before[i])];
    }

    private ActiveConnection[] Open(string backend, int count)
    {
        ActiveConnection[] opened = new ActiveConnection[count];
        for (int i = 0; i < count; i++)
        {
            IConnection client = Substitute.For<IConnection>();
            ActiveConnection connection = opened[i] = _connections.TrackAsync(client, CancellationToken.None).Result;
            client.RemoteEndPoint.Returns(new IPEndPoint(IPAddress.Loopback, 1));
            client.When(one => one.Abort()).Do(_ => End(connection));
            connection.Dial.Hold(_pool.Named(backend).TryAcquire()!);
            connection.Dial.Established(Substitute.For<IConnection>());
            connection.BytesMove(new CountingTransfer(), new CountingTransfer());
        }

        _connections.Sweep();
        return opened;
    }

    private void End(ActiveConnection connection)
    {
        if (connection.Dial.Lease!.Release())
            _connections.Untrack(connection);
    }

    private static void Move(ActiveConnection connection, long bytes) => ((CountingTransfer)connection.ToBackend!).Send(bytes);
}
