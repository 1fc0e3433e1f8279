using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

public sealed class RandomPolicyTests
{
    private const int Picks = 60_000;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(256, 2, 1)]
    public void Pick_EqualLoads_FollowsTheWeights(int a, int b, int c)
    {
        BalancedPool pool = Pools.Of($"a:1 weight={a}", $"b:1 weight={b}", $"c:1 weight={c}").BalancedBy(new RandomPolicy(new Random(1)));

        Assert.All(pool.CountPicks(Picks), pair => AssertWithinFiveSigma(pair.Value, (double)pair.Key.Options.Weight / (a + b + c)));
    }

    // Of two different ones out of three, the most loaded is never taken, the middle one only when the least loaded is not drawn.
    [Fact]
    public void Pick_DifferentLoads_TakesTheLessLoadedOfTwo()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1", "c:1").BalancedBy(new RandomPolicy(new Random(2)));
        pool.Named("b:1").Load(1);
        pool.Named("c:1").Load(2);

        Dictionary<Backend, int> picks = pool.CountPicks(Picks);

        AssertWithinFiveSigma(picks[pool.Named("a:1")], 2 / 3.0);
        AssertWithinFiveSigma(picks[pool.Named("b:1")], 1 / 3.0);
        Assert.InRange(picks[pool.Named("c:1")], 0, Picks / 500); // all draws in a row gave the same one
    }

    [Fact]
    public void Pick_ConnectionsThatStay_EqualLoadsInRelationToTheWeights()
    {
        BalancedPool pool = Pools.OfSize(10, i => $"weight={i + 1}").BalancedBy(new RandomPolicy(new Random(3)));

        for (int i = 0; i < 5_500; i++)
            pool.Pick()!.Occupy();

        Assert.All(pool.GetAllBackends(), backend => Assert.InRange(
            backend.BusyConnections, 90 * backend.Options.Weight, 110 * backend.Options.Weight));
    }

    [Fact]
    public void Pick_SameSeed_SamePicks()
    {
        IEnumerable<string> Picks() => Pools.OfSize(100).BalancedBy(new RandomPolicy(new Random(4))).PickNames(100);

        Assert.Equal(Picks(), Picks());
    }

    private static void AssertWithinFiveSigma(int picks, double probability)
    {
        double sigma = Math.Sqrt(Picks * probability * (1 - probability));
        Assert.InRange(picks, (Picks * probability) - (5 * sigma), (Picks * probability) + (5 * sigma));
    }
}
