using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

public sealed class RoundRobinPolicyTests
{
    [Theory]
    [InlineData("abcabca", 1, 1, 1)]
    [InlineData("abcabca", 7, 7, 7)]
    [InlineData("aabacaaaabacaa", 5, 1, 1)] // the example of nginx's commit
    [InlineData("abacbaabacba", 3, 2, 1)]
    [InlineData("abacbaabacba", 6, 4, 2)]
    [InlineData("acaca", 2, 0, 2)]
    public void Pick_Weights_GiveNginxsSequence(string expected, int a, int b, int c)
    {
        BalancedPool pool = Pools.Of($"a:1 name=a weight={a}", $"b:1 name=b weight={b}", $"c:1 name=c weight={c}").BalancedBy(
            new RoundRobinPolicy());

        Assert.Equal(expected, string.Concat(pool.PickNames(expected.Length)));
    }

    [Fact]
    public void Pick_PoolTooLargeForASequence_IsExactOverACycleAndEven()
    {
        const int Backends = 1_000;
        BalancedPool pool = Pools.OfSize(Backends, i => $"weight={(i % 4) + 1}").BalancedBy(new RoundRobinPolicy());
        Assert.IsType<InterleavedPlan>(pool.Current.Plan);
        const int Cycle = Backends * 10 / 4;

        Dictionary<Backend, int> cycle = pool.CountPicks(Cycle);
        Dictionary<Backend, int> half = pool.CountPicks(Cycle / 2);

        Assert.All(cycle, pair => Assert.Equal(pair.Key.Options.Weight, pair.Value));
        Assert.All(half, pair => Assert.InRange(pair.Value, (pair.Key.Options.Weight - 1) / 2, (pair.Key.Options.Weight / 2) + 1));
    }

    [Theory]
    [InlineData(0, typeof(SequencePlan))] // 100 backends, 10,000 picks in a cycle: a million steps
    [InlineData(1, typeof(InterleavedPlan))]
    public void Prepare_StepsOfTheSequence_AreBounded(int more, Type expected)
    {
        BalancedPool pool = Pools.OfSize(100, i => $"weight={(i % 2 == 0 ? 99 : 101) + (i == 0 ? more : 0)}")
            .BalancedBy(new RoundRobinPolicy());

        Assert.IsType(expected, pool.Current.Plan);
    }

    [Fact]
    public void Pick_AllWeightsThereAre_IsExactOverACycle()
    {
        BalancedPool pool = Pools.OfSize(2_560, i => $"weight={(i % 256) + 1}").BalancedBy(new RoundRobinPolicy());

        Assert.All(pool.CountPicks(pool.GetAllBackends().Sum(backend => backend.Options.Weight)), pair => Assert.Equal(
            pair.Key.Options.Weight, pair.Value));
    }

    // The order of the rounds is kept while the same weights are there. Every fourth backend has a weight of 1: of those some leave, or
    // all.
    [Theory]
    [InlineData(16)]
    [InlineData(4)]
    public void Pick_LargePoolShrinks_IsExactOverACycle(int step)
    {
        BalancedPool pool = Pools.OfSize(1_000, i => $"weight={(i % 4) + 1}").BalancedBy(new RoundRobinPolicy());
        for (int i = 0; i < 1_000; i += step)
            pool.MarkUnhealthy(pool.GetAllBackends()[i].Url);
        IReadOnlyList<Backend> healthy = pool.GetHealthyBackends();

        Dictionary<Backend, int> cycle = pool.CountPicks(healthy.Sum(backend => backend.Options.Weight));

        Assert.All(healthy, backend => Assert.Equal(backend.Options.Weight, cycle[backend]));
    }

    [Fact]
    public void Pick_PoolShrinks_GoesOnWithTheOthers()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1", "c:1").BalancedBy(new RoundRobinPolicy());
        _ = pool.PickNames(4);
        pool.MarkUnhealthy("b:1");

        Assert.Equal(["a:1", "c:1", "a:1"], pool.PickNames(3));
    }

    [Fact]
    public void Pick_NextIsTriedOrFull_TakesTheOneAfterIt()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1 max_connections=1", "c:1").BalancedBy(new RoundRobinPolicy());
        pool.Named("b:1").Occupy();

        Assert.Same(pool.Named("c:1"), pool.Pick(pool.Named("a:1")));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2_000)]
    public void Pick_FromManyThreads_TakesEachExactlyAsOften(int backends)
    {
        BalancedPool pool = Pools.OfSize(backends, i => $"weight={(i % 2) + 1}").BalancedBy(new RoundRobinPolicy());
        int cycle = pool.GetAllBackends().Sum(backend => backend.Options.Weight);

        _ = Parallel.For(0, cycle * 10, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => pool.Pick()!.Occupy());

        Assert.All(pool.GetAllBackends(), backend => Assert.Equal(10 * backend.Options.Weight, backend.BusyConnections));
    }
}
