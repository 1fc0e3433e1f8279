using LbTcp.Backends;

namespace LbTcp.Tests.Backends;

public class BackendPoolStressTests
{
    private const int Backends = 16;
    private const int Writers = 4;
    private const int FlipsPerWriter = 20_000;

    private readonly BackendPool _pool = new(Enumerable.Range(0, Backends).Select(i => $"tcp://10.0.0.{i}:80"));

    // Each writer flips backends of its own, so that it knows what has to come out.
    [Fact]
    public async Task Mark_FlipsFromManyThreadsWhileOthersRead_NoListIsTornAndNoFlipIsLost()
    {
        using var done = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadUntil(done.Token)))];
        bool[][] expected = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Flip(writer))));
        await done.CancelAsync();

        Assert.All(await Task.WhenAll(readers), reads => Assert.NotEqual(0, reads));
        for (int i = 0; i < Backends; i++)
            Assert.Equal(expected[i % Writers][i], _pool.GetAllBackends()[i].IsHealthy);
        Assert.Equal(_pool.GetAllBackends().Where(backend => backend.IsHealthy), _pool.GetHealthyBackends());
    }

    // All flip the same backend: of all calls that report a change, every other one goes each way.
    [Fact]
    public async Task Mark_SameBackendFromManyThreads_ChangesAlternate()
    {
        string url = _pool.GetAllBackends()[0].Url;
        (int Up, int Down)[] changes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            int up = 0;
            int down = 0;
            for (int i = 0; i < FlipsPerWriter; i++)
            {
                down += _pool.MarkUnhealthy(url) ? 1 : 0;
                up += _pool.MarkHealthy(url) ? 1 : 0;
            }

            return (up, down);
        })));

        Assert.True(_pool.GetAllBackends()[0].IsHealthy);
        Assert.NotEqual(0, changes.Sum(change => change.Up));
        Assert.Equal(changes.Sum(change => change.Down), changes.Sum(change => change.Up));
    }

    private bool[] Flip(int writer)
    {
        var random = new Random(writer);
        bool[] healthy = new bool[Backends];
        Array.Fill(healthy, true);
        for (int flip = 0; flip < FlipsPerWriter; flip++)
        {
            int i = (random.Next(Backends / Writers) * Writers) + writer;
            Backend backend = _pool.GetAllBackends()[i];
            healthy[i] = !healthy[i];
            Assert.True(healthy[i] ? _pool.MarkHealthy(backend.Url) : _pool.MarkUnhealthy(backend.Url));
            Assert.Equal(healthy[i], _pool.GetHealthyBackends().Contains(backend));
        }

        return healthy;
    }

    // A list that is torn has a hole, a backend twice, or backends out of order.
    private int ReadUntil(CancellationToken done)
    {
        Dictionary<Backend, int> order = _pool.GetAllBackends().Select((backend, index) => (backend, index)).ToDictionary();
        int reads = 0;
        do
        {
            IReadOnlyList<Backend> healthy = _pool.GetHealthyBackends();
            int last = -1;
            for (int i = 0; i < healthy.Count; i++)
            {
                int index = order[healthy[i]];
                Assert.True(index > last);
                last = index;
            }

            reads++;
        }
        while (!done.IsCancellationRequested);
        return reads;
    }
}
