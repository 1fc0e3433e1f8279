using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Balancing;

public sealed class LeastConnPolicyTests
{
    [Fact]
    public void Pick_Equals_TakesThemInTurn()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1", "c:1").BalancedBy(new LeastConnPolicy());

        Assert.Equal(["a:1", "b:1", "c:1", "a:1"], pool.PickNames(4));
    }

    [Fact]
    public void Pick_EqualsAfterANewPlan_GoesOnWithTheTurn()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1", "c:1", "d:1").BalancedBy(new LeastConnPolicy());
        Assert.Equal(["a:1", "b:1"], pool.PickNames(2));

        pool.MarkUnhealthy("d:1");

        Assert.Equal(["c:1", "a:1", "b:1", "c:1", "a:1"], pool.PickNames(5));
    }

    [Theory]
    [InlineData("b:1", 2, 1, 2, 1, 1, 1)]
    [InlineData("a:1", 2, 2, 3, 2, 1, 1)] // 2/2 is less than 2/1 and 3/1
    [InlineData("c:1", 255, 256, 0, 255, 256, 1)]
    public void Pick_Loads_TakesTheLeastInRelationToTheWeight(string expected, int loadA, int loadB, int loadC, int a, int b, int c)
    {
        BalancedPool pool = Pools.Of($"a:1 weight={a}", $"b:1 weight={b}", $"c:1 weight={c}").BalancedBy(new LeastConnPolicy());
        pool.Named("a:1").Load(loadA);
        pool.Named("b:1").Load(loadB);
        pool.Named("c:1").Load(loadC);

        Assert.Equal(expected, pool.Pick()?.Name);
    }

    [Fact]
    public void Pick_ConnectionsThatStay_AreSpreadByTheWeights()
    {
        BalancedPool pool = Pools.Of("a:1 weight=3", "b:1 weight=2", "c:1 weight=1").BalancedBy(new LeastConnPolicy());

        for (int i = 0; i < 600; i++)
            pool.Pick()!.Occupy();

        Assert.Equal([300, 200, 100], pool.GetAllBackends().Select(backend => backend.BusyConnections));
    }

    [Fact]
    public void Pick_BackendIsDoneWithAConnection_NoLongerCountsIt()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1").BalancedBy(new LeastConnPolicy());
        pool.Named("a:1").Load(2);
        pool.Named("b:1").Load(1);
        pool.Named("a:1").Vacate();
        pool.Named("a:1").Vacate();

        Assert.Equal("a:1", pool.Pick()?.Name);
    }

    [Fact]
    public void Pick_BackendHasFinishedItsConnections_NoLongerCountsThem()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1").BalancedBy(new LeastConnPolicy());
        BackendLease[] leases = [.. Enumerable.Range(0, 2).Select(_ => pool.Named("a:1").TryAcquire()!)];
        pool.Named("b:1").Load(1);

        Assert.All(leases, lease => lease.EndUse());

        Assert.Equal("a:1", pool.Pick()?.Name);
    }

    // The slot is that of a connection that no longer counted as busy.
    [Fact]
    public void Pick_LastSlotIsReleasedLate_IsTakenAgain()
    {
        BalancedPool pool = Pools.Of("a:1 max_connections=1").BalancedBy(new LeastConnPolicy());
        BackendLease lease = pool.Named("a:1").TryAcquire()!;
        lease.EndUse();
        Assert.Null(pool.Pick());

        Assert.True(lease.Release());

        Assert.Equal("a:1", pool.Pick()?.Name);
    }

    [Fact]
    public void Pick_LoadChangedWhileABackendWasDown_IsKnownAfterwards()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1").BalancedBy(new LeastConnPolicy());
        pool.Named("a:1").Load(2);
        pool.Named("b:1").Load(1);
        pool.MarkUnhealthy("a:1");
        pool.Named("a:1").Vacate();
        pool.Named("a:1").Vacate();
        pool.MarkHealthy("a:1");

        Assert.Equal("a:1", pool.Pick()?.Name);
    }

    // Else the previous plan would be kept in memory, and updated, as long as the backend is down.
    [Fact]
    public void Prepare_BackendIsNoLongerAvailable_IsNoLongerObserved()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1").BalancedBy(new LeastConnPolicy());
        Assert.NotNull(pool.Named("a:1").LoadObserver);

        pool.MarkUnhealthy("a:1");

        Assert.Null(pool.Named("a:1").LoadObserver);
        Assert.NotNull(pool.Named("b:1").LoadObserver);
    }

    [Fact]
    public void Pick_BackendComesBackInSlowStart_IsNotFlooded()
    {
        var clock = new FakeTimeProvider();
        var pool = new BalancedPool(Pools.Of("a:1", "b:1", "c:1"), new LeastConnPolicy(), TimeSpan.FromSeconds(30), clock);
        pool.MarkUnhealthy("c:1");
        pool.Named("a:1").Load(100);
        pool.Named("b:1").Load(100);
        pool.MarkHealthy("c:1");

        for (int i = 0; i < 100; i++)
            pool.Pick()!.Occupy();

        Assert.InRange(pool.Named("c:1").BusyConnections, 13, 15); // a tenth of what the others have
    }

    // A connection of a large pool does not wait for the tree of the next plan.
    [Fact]
    public void Prepare_LoadChangesMeanwhile_DoesNotWaitAndIsKnownAfterwards()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        Backend first = pool.Named("a:1");
        int ranked = 0;
        var plan = new RankedPlan(
            pool.Snapshot.Available,
            (backend, _) =>
            {
                if (++ranked == 2) // the first backend is ranked by now
                    Assert.True(Task.Run(first.Occupy).Wait(Until.Patience));
                return backend.BusyConnections;
            },
            takesTurns: true,
            previous: null);

        Assert.Equal("b:1", plan.Pick(new PickRequest(Pools.Client))?.Name);
    }

    [Fact]
    public void Pick_FromManyThreads_KeepsTheLoadsEqual()
    {
        BalancedPool pool = Pools.OfSize(100).BalancedBy(new LeastConnPolicy());

        _ = Parallel.For(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            Backend backend = pool.Pick()!;
            backend.Occupy();
            if (i % 2 == 0)
                backend.Vacate();
        });

        Assert.All(pool.GetAllBackends(), backend => Assert.InRange(backend.BusyConnections, 40, 60));
        Assert.Equal(pool.GetAllBackends().Min(backend => backend.BusyConnections), pool.Pick()!.BusyConnections);
    }
}
