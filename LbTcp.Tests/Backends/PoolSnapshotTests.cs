using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Backends;

public class PoolSnapshotTests
{
    private readonly BackendPool _pool = Pools.Of("a:1", "b:1 weight=0", "c:1 backup", "d:1 backup weight=2", "e:1");

    [Fact]
    public void Available_PrimariesAreHealthy_AreThoseWithAWeight() => Assert.Equal(["a:1", "e:1"], _pool.Snapshot.Available.Names());

    [Fact]
    public void Available_NoPrimaryIsLeft_AreAllBackups()
    {
        Down("a:1", "e:1");

        Assert.Equal(["c:1", "d:1"], _pool.Snapshot.Available.Names());
        Assert.Equal([1, 2], _pool.Snapshot.Available.Weights.ToArray());
    }

    [Fact]
    public void Available_PrimaryComesBack_AreNoBackupsAnyMore()
    {
        Down("a:1", "e:1");
        _pool.MarkHealthy("e:1");

        Assert.Equal(["e:1"], _pool.Snapshot.Available.Names());
    }

    [Theory]
    [InlineData(BackendIntent.Drain)]
    [InlineData(BackendIntent.Maint)]
    internal void Available_PrimariesAreNotReady_AreBackups(BackendIntent intent)
    {
        Assert.True(_pool.SetIntent(_pool.Named("a:1"), intent));
        Assert.Equal(["e:1"], _pool.Snapshot.Available.Names());
        Assert.True(_pool.SetIntent(_pool.Named("e:1"), intent));

        Assert.Equal(["c:1", "d:1"], _pool.Snapshot.Available.Names());
        Assert.Equal(5, _pool.Snapshot.Healthy.Count);
    }

    [Fact]
    public void Available_WeightIsOverridden_GoesByIt()
    {
        Assert.True(_pool.OverrideWeight(_pool.Named("a:1"), 0));
        Assert.True(_pool.OverrideWeight(_pool.Named("b:1"), 7));

        Assert.Equal(["b:1", "e:1"], _pool.Snapshot.Available.Names());
        Assert.Equal([7, 1], _pool.Snapshot.Available.Weights.ToArray());
    }

    [Fact]
    public void Members_SomeAreUnhealthy_IncludeThem()
    {
        Down("a:1");

        Assert.Equal(["a:1", "e:1"], _pool.Snapshot.Members.Names());
        Assert.Equal(["e:1"], _pool.Snapshot.Available.Names());
    }

    [Fact]
    public void AvailableOrAny_AllAreUnhealthy_AreAllThatAreReadyAndHaveAWeight()
    {
        Down("a:1", "c:1", "d:1", "e:1");
        _pool.SetIntent(_pool.Named("e:1"), BackendIntent.Drain);

        Assert.Empty(_pool.Snapshot.Available);
        Assert.Equal(["a:1", "c:1", "d:1"], _pool.Snapshot.AvailableOrAny.Names());
    }

    [Fact]
    public void AvailableOrAny_SomeAreAvailable_AreThose() => Assert.Same(_pool.Snapshot.Available, _pool.Snapshot.AvailableOrAny);

    [Fact]
    public void States_AfterChanges_HaveHealthIntentAndWeight()
    {
        Down("a:1");
        _pool.SetIntent(_pool.Named("c:1"), BackendIntent.Maint);
        _pool.OverrideWeight(_pool.Named("e:1"), 9);

        Assert.Equal(
            [
                new BackendState(IsHealthy: false, BackendIntent.Ready, 1, IsBackup: false, IsResolved: true),
                new BackendState(IsHealthy: true, BackendIntent.Ready, 0, IsBackup: false, IsResolved: true),
                new BackendState(IsHealthy: true, BackendIntent.Maint, 1, IsBackup: true, IsResolved: true),
                new BackendState(IsHealthy: true, BackendIntent.Ready, 2, IsBackup: true, IsResolved: true),
                new BackendState(IsHealthy: true, BackendIntent.Ready, 9, IsBackup: false, IsResolved: true),
            ],
            _pool.Snapshot.States.ToArray());
    }

    [Fact]
    public void Available_BackendWithoutAddresses_IsNotAmongThemWhateverIsAsked()
    {
        BackendOptions[] options = Pools.Options("a:1", "b:1");
        options[0] = options[0] with { Resolved = new ResolvedHost("a", []) };
        var pool = new BackendPool(options);

        Assert.Equal(["b:1"], pool.Snapshot.Available.Names());
        Assert.Equal(["b:1"], pool.Snapshot.Members.Names());
        _ = pool.MarkUnhealthy("b:1");
        Assert.Equal(["b:1"], pool.Snapshot.AvailableOrAny.Names());
        Assert.True(pool.Named("a:1").IsHealthy);

        options[0] = options[0] with { Resolved = new ResolvedHost("a", [IPAddress.Loopback]) };
        _ = pool.Apply(options);
        Assert.Equal(["a:1"], pool.Snapshot.Available.Names());
    }

    [Fact]
    public void Snapshot_TakenBefore_NeverChanges()
    {
        PoolSnapshot before = _pool.Snapshot;
        Down("a:1");

        Assert.Equal(["a:1", "e:1"], before.Available.Names());
        Assert.NotSame(before, _pool.Snapshot);
    }

    private void Down(params IEnumerable<string> names)
    {
        foreach (string name in names)
            Assert.True(_pool.MarkUnhealthy(name));
    }
}
