using LbTcp.Backends;
using LbTcp.Balancing;

namespace LbTcp.Tests.Balancing;

public sealed class RoundRobinPolicyTests
{
    private static readonly BackendPool _pool = new(["a:1", "b:1", "c:1"]);

    [Fact]
    public void Pick_SeveralTurns_TakesEachInTheOrderOfThePool()
    {
        var policy = new RoundRobinPolicy();

        IEnumerable<string?> picks = Enumerable.Range(0, 7).Select(_ => policy.Pick(_pool.GetAllBackends())?.Url);

        Assert.Equal(["a:1", "b:1", "c:1", "a:1", "b:1", "c:1", "a:1"], picks);
    }

    [Fact]
    public void Pick_NoCandidates_ReturnsNull() => Assert.Null(new RoundRobinPolicy().Pick([]));

    [Fact]
    public void Pick_CandidatesShrink_StaysWithinThem()
    {
        var policy = new RoundRobinPolicy();
        Backend only = _pool.GetAllBackends()[2];
        _ = policy.Pick(_pool.GetAllBackends());

        Assert.Same(only, policy.Pick([only]));
        Assert.Same(only, policy.Pick([only]));
    }

    [Fact]
    public void Pick_FromManyThreads_TakesEachEquallyOften()
    {
        var policy = new RoundRobinPolicy();
        int[] picks = new int[3];

        _ = Parallel.For(0, 3_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            int index = _pool.GetAllBackends().ToList().IndexOf(policy.Pick(_pool.GetAllBackends())!);
            _ = Interlocked.Increment(ref picks[index]);
        });

        Assert.Equal([1_000, 1_000, 1_000], picks);
    }

    [Fact]
    public void Pick_ManyTimes_AllocatesNothing()
    {
        var policy = new RoundRobinPolicy();
        IReadOnlyList<Backend> candidates = _pool.GetHealthyBackends();
        _ = policy.Pick(candidates);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            _ = policy.Pick(candidates);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
