using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Backends;

public class PoolSnapshotTests
{
    private readonly BackendPool _pool =
        Pools.Of("a:1", "b:1 weight=0", "c:1 backup", "d:1 backup weight=2", "e:1").BalancedBy(new RoundRobinPolicy());

    [Fact]
    public void Candidates_PrimariesAreHealthy_AreThoseWithAWeight() => Assert.Equal(["a:1", "e:1"], Names(_pool.Snapshot.Candidates));

    [Fact]
    public void Candidates_NoPrimaryIsLeft_AreAllBackups()
    {
        Down("a:1", "e:1");

        Assert.Equal(["c:1", "d:1"], Names(_pool.Snapshot.Candidates));
        Assert.Equal(["d:1", "c:1", "d:1"], _pool.PickNames(3));
    }

    [Fact]
    public void Candidates_PrimaryComesBack_AreNoBackupsAnyMore()
    {
        Down("a:1", "e:1");
        _pool.MarkHealthy("e:1");

        Assert.Equal(["e:1"], Names(_pool.Snapshot.Candidates));
    }

    [Fact]
    public void AnyPlan_AllDown_PicksAmongAllThatHaveAWeight()
    {
        Down("a:1", "c:1", "d:1", "e:1");

        Assert.Null(_pool.Pick());
        Assert.Equal(
            ["a:1", "c:1", "d:1", "e:1"],
            Enumerable.Range(0, 5).Select(_ => _pool.Snapshot.AnyPlan.Pick(new PickRequest(Pools.Client))!.Name).Distinct().Order());
    }

    [Fact]
    public void AnyPlan_SomeAreUp_IsThePlan() => Assert.Same(_pool.Snapshot.Plan, _pool.Snapshot.AnyPlan);

    [Fact]
    public void Snapshot_TakenBefore_NeverChanges()
    {
        PoolSnapshot before = _pool.Snapshot;
        Down("a:1");

        Assert.Equal(["a:1", "e:1"], Names(before.Candidates));
        Assert.NotSame(before, _pool.Snapshot);
    }

    [Fact]
    public void Plan_NobodyBalances_PicksNobody() => Assert.Null(Pools.Of("a:1").Pick());

    private void Down(params IEnumerable<string> names)
    {
        foreach (string name in names)
            Assert.True(_pool.MarkUnhealthy(name));
    }

    private static IEnumerable<string> Names(IEnumerable<Backend> backends) => backends.Select(backend => backend.Name);
}
