using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

public sealed class InterleavedPlanTests
{
    [Fact]
    public void Pick_AllButOneAreFull_TakesThatOneAtEveryTurn()
    {
        BackendPool pool = Pools.OfSize(5, i => i == 2 ? "" : "max_connections=1");
        Backend free = pool.GetAllBackends()[2];
        foreach (Backend backend in pool.GetAllBackends().Where(backend => backend != free))
            backend.Occupy();
        InterleavedPlan plan = Plan(pool, 1, 2, 2, 3, 3);

        Assert.All(Enumerable.Range(0, 11), _ => Assert.Same(free, plan.Pick(new PickRequest(Pools.Client))));
    }

    // Slow start multiplies weights; the rounds are bounded, and a weight that is far below the others is rounded up.
    [Fact]
    public void Pick_WeightsWithTooManyRounds_StillTakesTheLightestBackend()
    {
        BackendPool pool = Pools.OfSize(2);
        InterleavedPlan plan = Plan(pool, 1, 1_000_000);

        int light = Enumerable.Range(0, 65_537).Count(_ => plan.Pick(new PickRequest(Pools.Client)) == pool.GetAllBackends()[0]);

        Assert.Equal(1, light);
    }

    private static InterleavedPlan Plan(BackendPool pool, params int[] weights) =>
        new([.. pool.GetAllBackends()], weights, new InterleavedRounds(), new TurnCounter());
}
