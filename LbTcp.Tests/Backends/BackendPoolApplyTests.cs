using LbTcp.Backends;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Backends;

/// <summary>A pool that gets other lists of backends.</summary>
public sealed class BackendPoolApplyTests
{
    private readonly BackendPool _pool = Pools.Of("http://a:1", "b:1 weight=2", "c:1");
    private readonly List<PoolChange> _changes = [];

    public BackendPoolApplyTests() => _pool.Changed += _changes.Add;

    [Fact]
    public void Apply_OtherList_ReportsWhatJoinedLeftAndChanged()
    {
        Backend[] before = [.. _pool.GetAllBackends()];

        PoolChange change = _pool.Apply("d:1", "http://a:1", "tcp://c:1 weight=3");

        Assert.Equal(["d:1", "a:1", "c:1"], _pool.GetAllBackends().Names());
        Assert.Same(change, Assert.Single(_changes));
        Assert.Equal([_pool.GetAllBackends()[0]], change.Added);
        Assert.Equal([before[1]], change.Removed);
        Assert.Equal([before[0]], change.Unchanged);
        OptionsChange options = Assert.Single(change.Changed);
        Assert.Equal((before[2], 1, 3), (options.Backend, options.Old.Weight, options.New.Weight));
        Assert.Same(options.New, before[2].Options);
        Assert.Equal("tcp://c:1", before[2].Url);
    }

    [Fact]
    public void Apply_BackendStays_KeepsHealthIntentWeightAndCounters()
    {
        Backend a = _pool.Named("a:1");
        a.Load(2);
        _pool.MarkUnhealthy("a:1");
        _pool.SetIntent(a, BackendIntent.Drain);
        _pool.OverrideWeight(a, 5);

        _ = _pool.Apply("tcp://a:1 max_connections=3");

        Assert.Same(a, Assert.Single(_pool.GetAllBackends()));
        Assert.Equal((false, BackendIntent.Drain, 5, 2, 3), (a.IsHealthy, a.Intent, a.Weight, a.OpenConnections, a.MaxConnections));
    }

    // A configuration that changes the weight is newer than the operator's word; the answer of a name server is not.
    [Theory]
    [InlineData(false, 9)]
    [InlineData(true, 5)]
    public void Replace_ConfiguredWeightChanges_EndsTheOverridingUnlessItIsDiscovered(bool isDiscovered, int expected)
    {
        Backend a = _pool.Named("a:1");
        _pool.OverrideWeight(a, 5);

        PoolChange change = _pool.Replace(Pools.Options("a:1 weight=9"), isDiscovered);

        Assert.Equal((expected, isDiscovered), (a.Weight, change.IsDiscovered));
        Assert.Equal(isDiscovered ? [] : [a], change.OverrideEnded);
    }

    // While it was away, the configuration was changed.
    [Theory]
    [InlineData("a:1 weight=9", false, 9)]
    [InlineData("a:1 weight=9", true, 5)]
    [InlineData("a:1", false, 5)]
    public void Replace_RemovedBackendReturns_EndsTheOverridingIfTheConfiguredWeightIsAnother(
        string line, bool isDiscovered, int expected)
    {
        Backend a = _pool.Named("a:1");
        _pool.OverrideWeight(a, 5);
        _ = _pool.Apply("b:1");

        PoolChange change = _pool.Replace(Pools.Options(line), isDiscovered);

        Assert.Same(a, Assert.Single(change.Added));
        Assert.Equal(expected, a.Weight);
        Assert.Equal(expected == 9 ? [a] : [], change.OverrideEnded);
    }

    [Fact]
    public void Apply_OtherOrder_ChangesTheOrderOnly()
    {
        Backend[] before = [.. _pool.GetAllBackends()];

        PoolChange change = _pool.Apply("c:1", "http://a:1", "b:1 weight=2");

        Assert.Equal([before[2], before[0], before[1]], _pool.GetAllBackends());
        Assert.Equal(3, change.Unchanged.Count);
        Assert.Equal((0, 0, 0), (change.Added.Count, change.Removed.Count, change.Changed.Count));
        _ = Assert.Single(_changes);
    }

    [Fact]
    public void Apply_SameList_PublishesAndRaisesNothing()
    {
        PoolSnapshot before = _pool.Snapshot;

        Assert.Equal(3, _pool.Apply("http://a:1", "b:1 weight=2", "c:1").Unchanged.Count);

        Assert.Same(before, _pool.Snapshot);
        Assert.Empty(_changes);
    }

    [Fact]
    public void Apply_RemovedWithConnectionsReturns_ContinuesAsTheSame()
    {
        Backend a = _pool.Named("a:1");
        a.Load(1);
        _pool.MarkUnhealthy("a:1");
        _ = _pool.Apply("b:1");
        Assert.False(_pool.MarkHealthy("a:1"));

        PoolChange change = _pool.Apply("b:1", "a:1 weight=4");

        Assert.Same(a, Assert.Single(change.Added));
        Assert.Equal((false, 1, 4), (a.IsHealthy, a.OpenConnections, a.Weight));
        Assert.Equal(["b:1"], _pool.GetHealthyBackends().Names());
    }

    [Fact]
    public void Apply_RemovedWithoutConnectionsReturns_ContinuesAsTheSame()
    {
        Backend a = _pool.Named("a:1");
        _pool.MarkUnhealthy("a:1");
        _ = _pool.Apply("b:1");
        _ = _pool.Apply("b:1", "c:1");

        _ = _pool.Apply("b:1", "http://a:1");

        Assert.Same(a, _pool.Named("a:1"));
        Assert.False(a.IsHealthy);
    }

    [Fact]
    public void Apply_RemovedBeforeManyOthersReturns_BeginsHealthy()
    {
        Backend a = _pool.Named("a:1");
        _pool.MarkUnhealthy("a:1");
        _ = _pool.Apply("b:1");
        _ = _pool.Apply(Enumerable.Range(0, PoolMembership.MaxIdle).Select(i => $"x{i}:1"));
        _ = _pool.Apply("b:1");
        _ = _pool.Apply("c:1");

        _ = _pool.Apply("c:1", "http://a:1");

        Assert.NotSame(a, _pool.Named("a:1"));
        Assert.True(_pool.Named("a:1").IsHealthy);
    }

    [Fact]
    public void Apply_AllRemovedAndReturn_AreTheSameHoweverMany()
    {
        string[] lines = [.. Enumerable.Range(0, 5 * PoolMembership.MaxIdle).Select(i => $"x{i}:1")];
        _ = _pool.Apply(lines);
        Backend[] before = [.. _pool.GetAllBackends()];

        _ = _pool.Apply("a:1");
        _ = _pool.Apply(lines);

        Assert.Equal(before, _pool.GetAllBackends());
    }

    [Fact]
    public void Apply_SameHostAndPortTwice_ThrowsAndChangesNothing()
    {
        PoolSnapshot before = _pool.Snapshot;

        Assert.Throws<ArgumentException>(() => _pool.Apply("d:1", "tcp://x:1", "http://X:1"));

        Assert.Same(before, _pool.Snapshot);
        Assert.Empty(_changes);
    }

    [Fact]
    public void Changes_OfOneBackend_RaiseOneEventEachWithIt()
    {
        Backend a = _pool.Named("a:1");
        Assert.True(_pool.MarkUnhealthy("a:1"));
        Assert.True(_pool.SetIntent(a, BackendIntent.Maint));
        Assert.True(_pool.OverrideWeight(a, 0));

        Assert.Equal(3, _changes.Count);
        Assert.Equal([[a], [], []], _changes.Select(change => change.Flipped));
        Assert.Equal([[], [a], []], _changes.Select(change => change.IntentChanged));
        Assert.Equal([[], [], [a]], _changes.Select(change => change.WeightChanged));
    }

    [Fact]
    public void Changes_WithoutEffect_RaiseNothing()
    {
        Backend a = _pool.Named("a:1");
        _ = _pool.Apply("b:1 weight=2", "c:1");
        _changes.Clear();

        Assert.False(_pool.SetIntent(_pool.Named("b:1"), BackendIntent.Ready));
        Assert.False(_pool.OverrideWeight(_pool.Named("b:1"), null));
        Assert.False(_pool.SetIntent(a, BackendIntent.Drain));
        Assert.False(_pool.OverrideWeight(a, 1));
        Assert.Null(_pool.Flip([(a, false)]));

        Assert.Empty(_changes);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(257)]
    public void OverrideWeight_OutOfRange_Throws(int weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.OverrideWeight(_pool.Named("a:1"), weight));

    // A listener may change the pool itself, from another thread too: no lock is held while it runs.
    [Fact]
    public void Changed_ListenerChangesThePoolOnAnotherThread_DoesNotBlock()
    {
        _pool.Changed += change =>
        {
            if (change.Removed.Count > 0)
                Assert.True(Task.Run(() => _pool.MarkUnhealthy("b:1")).Wait(Until.Patience));
        };

        _ = _pool.Apply("b:1");

        Assert.Empty(_pool.GetHealthyBackends());
    }
}
