using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Balancing;

public sealed class BalancerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Current_NoPrimaryIsLeft_PicksAmongTheBackups()
    {
        BalancedPool pool = Pools.Of("a:1", "c:1 backup", "d:1 backup weight=2").BalancedBy(new RoundRobinPolicy());
        pool.MarkUnhealthy("a:1");

        Assert.Equal(["d:1", "c:1", "d:1"], pool.PickNames(3));
    }

    [Fact]
    public void AnyPlan_NoneIsAvailable_PicksAmongAllThatHaveAWeight()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1 weight=0", "c:1 backup", "e:1").BalancedBy(new RoundRobinPolicy());
        foreach (string name in (string[])["a:1", "c:1", "e:1"])
            pool.MarkUnhealthy(name);

        Assert.Null(pool.Pick());
        Assert.Equal(
            ["a:1", "c:1", "e:1"],
            Enumerable.Range(0, 4).Select(_ => pool.Current.AnyPlan.Pick(new PickRequest(Pools.Client))!.Name).Distinct().Order());
    }

    [Fact]
    public void AnyPlan_SomeAreAvailable_IsThePlan()
    {
        BalancedPool pool = Pools.Of("a:1").BalancedBy(new RoundRobinPolicy());

        Assert.Same(pool.Current.Plan, pool.Current.AnyPlan);
    }

    [Fact]
    public void Current_AfterEveryKindOfChange_PicksAvailableOnesOnly()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1", "c:1").BalancedBy(new FirstPolicy());

        pool.Pool.SetIntent(pool.Named("a:1"), BackendIntent.Drain);
        Assert.Equal("b:1", pool.Pick()?.Name);
        pool.Pool.OverrideWeight(pool.Named("b:1"), 0);
        Assert.Equal("c:1", pool.Pick()?.Name);
        _ = pool.Pool.Apply("b:1", "d:1");
        Assert.Equal("d:1", pool.Pick()?.Name);
        _ = pool.Pool.Apply();
        Assert.Null(pool.Pick());
    }

    [Fact]
    public void Changed_PoolHasChanged_IsRaisedAfterThePlanWasReplaced()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1").BalancedBy(new FirstPolicy());
        List<string?> picks = [];
        pool.Balancer.Changed += () => picks.Add(pool.Pick()?.Name);

        pool.MarkUnhealthy("a:1");
        pool.MarkHealthy("a:1");

        Assert.Equal(["b:1", "a:1"], picks);
    }

    [Fact]
    public void Tick_SlowStart_IsATenthOfItOrNone()
    {
        Assert.Equal(TimeSpan.FromSeconds(9), Rising("a:1").Balancer.Tick);
        Assert.Null(Pools.Of("a:1").BalancedBy(new RoundRobinPolicy()).Balancer.Tick);
    }

    [Fact]
    public void Advance_DuringTheRise_SpreadsByEffectiveWeights()
    {
        BalancedPool pool = Rising("a:1", "b:1 weight=2");
        Recover(pool);
        Assert.Equal(20, pool.CountPicks(120)[pool.Named("b:1")]); // 2 to 10

        Pass(pool, 40);

        Assert.Equal(60, pool.CountPicks(120)[pool.Named("b:1")]); // 10 to 10
    }

    [Fact]
    public void Advance_ATenthHasPassed_RaisesChangedAfterThePlanWasReplaced()
    {
        BalancedPool pool = Rising("a:1", "b:1");
        Recover(pool);
        PickSnapshot before = pool.Current;
        List<bool> isNew = [];
        pool.Balancer.Changed += () => isNew.Add(pool.Current != before);

        Pass(pool, 9);
        Assert.Empty(isNew);
        Pass(pool, 1);

        Assert.Equal([true], isNew);
    }

    [Fact]
    public void Advance_NoTenthHasPassed_PublishesNothing()
    {
        BalancedPool pool = Rising("a:1", "b:1");
        Recover(pool);
        PickSnapshot before = pool.Current;

        Pass(pool, 9);
        Assert.Same(before, pool.Current);
        Pass(pool, 1);
        Assert.NotSame(before, pool.Current);
    }

    [Fact]
    public void Pick_OnlyAvailableBackendRises_GetsAll()
    {
        BalancedPool pool = Rising("a:1", "b:1");
        Recover(pool);
        pool.MarkUnhealthy("a:1");

        Assert.Equal("b:1", pool.Pick()?.Name);
    }

    private BalancedPool Rising(params string[] lines) => new(Pools.Of(lines), new RoundRobinPolicy(), TimeSpan.FromSeconds(90), _clock);

    private static void Recover(BalancedPool pool)
    {
        pool.MarkUnhealthy("b:1");
        pool.MarkHealthy("b:1");
    }

    private void Pass(BalancedPool pool, int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        pool.Balancer.Advance();
    }

    [Fact]
    public void ChangePolicy_LeastConnToRoundRobin_PicksByTheNewOneAndObservesNothing()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1").BalancedBy(new LeastConnPolicy());
        pool.Named("a:1").Load(5);
        int changes = 0;
        pool.Balancer.Changed += () => changes++;

        pool.Balancer.ChangePolicy(new RoundRobinPolicy());

        Assert.Equal(["a:1", "b:1", "a:1"], pool.PickNames(3));
        Assert.All(pool.GetAllBackends(), backend => Assert.Null(backend.LoadObserver));
        Assert.Equal(1, changes);
        pool.Balancer.ChangePolicy(new LeastConnPolicy());
        Assert.Equal(["b:1", "b:1", "b:1"], pool.PickNames(3));
    }

    [Fact]
    public void ChangeSlowStart_DuringARise_ContinuesWithTheNewDuration()
    {
        var clock = new FakeTimeProvider();
        var pool = new BalancedPool(Pools.Of("a:1"), new RoundRobinPolicy(), TimeSpan.FromSeconds(90), clock);
        _ = pool.Pool.Apply("a:1", "b:1");
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, pool.CountPicks(11)[pool.Named("b:1")]);

        pool.Balancer.ChangeSlowStart(TimeSpan.FromSeconds(18));

        Assert.Equal(TimeSpan.FromSeconds(1.8), pool.Balancer.Tick);
        Assert.Equal(5, pool.CountPicks(15)[pool.Named("b:1")]);
        pool.Balancer.ChangeSlowStart(TimeSpan.Zero);
        Assert.Null(pool.Balancer.Tick);
        Assert.Equal(5, pool.CountPicks(10)[pool.Named("b:1")]);
        pool.Balancer.ChangeSlowStart(TimeSpan.FromSeconds(18));
        Assert.Equal(5, pool.CountPicks(10)[pool.Named("b:1")]);
    }

    [Fact]
    public void Apply_OtherOrderDuringARise_ChangesNoWeight()
    {
        var clock = new FakeTimeProvider();
        var pool = new BalancedPool(Pools.Of("a:1"), new RoundRobinPolicy(), TimeSpan.FromSeconds(90), clock);
        _ = pool.Pool.Apply("a:1", "b:1");
        clock.Advance(TimeSpan.FromSeconds(40));
        pool.Balancer.Advance();
        Assert.Equal(5, pool.CountPicks(15)[pool.Named("b:1")]);

        _ = pool.Pool.Apply("b:1", "a:1");

        Assert.Equal(5, pool.CountPicks(15)[pool.Named("b:1")]);
    }
}
