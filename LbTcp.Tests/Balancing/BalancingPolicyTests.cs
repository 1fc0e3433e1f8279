using System.Net;
using CsCheck;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

/// <summary>What holds for every algorithm.</summary>
public sealed class BalancingPolicyTests
{
    public static TheoryData<string> Algorithms => ["roundrobin", "leastconn", "random", "source", "first"];

    // A history is a pool and a list of steps: a health flip, a client that connects, or one that leaves.
    private static readonly Gen<(string[] Lines, (int Action, int Which)[] Steps)> _histories = Gen.Select(
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 3], (weight, backup, most) =>
            $"weight={weight * weight * 7}{(backup ? " backup" : "")}{(most == 0 ? "" : $" max_connections={most}")}").Array[1, 12],
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1_000]).Array[1, 60]);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Pick_AnyHistory_NeverTakesOneItMayNotWhileThereIsAnother(string algorithm) => _histories.Sample(history =>
    {
        BackendPool pool = Pools.Of(history.Lines.Select((options, i) => $"b{i}:1 {options}")).BalancedBy(Create(algorithm));
        var connections = new List<Backend>();
        foreach ((int action, int which) in history.Steps)
        {
            Backend flipped = pool.GetAllBackends()[which % history.Lines.Length];
            if (action == 0)
                _ = flipped.IsHealthy ? pool.MarkUnhealthy(flipped.Url) : pool.MarkHealthy(flipped.Url);
            else if (action == 1 && connections.Count > 0)
                Leave(connections, which % connections.Count);
            else
                TryAll(pool, new IPAddress((uint)which), connections);
        }

        while (connections.Count > 0)
            Leave(connections, 0);
        Assert.All(pool.GetAllBackends(), backend => Assert.Equal(0, backend.BusyConnections));
    });

    // The same while others connect and leave, and backends flip: what a snapshot picks is of its candidates, and everything is given back.
    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Pick_WhileThePoolChanges_TakesCandidatesOnly(string algorithm)
    {
        BackendPool pool = Pools.OfSize(20, i => $"weight={i % 4} {(i % 5 == 0 ? "backup" : "")}").BalancedBy(Create(algorithm));
        using var done = new CancellationTokenSource();
        Task[] clients = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => ConnectUntil(pool, done.Token)))];
        var random = new Random(5);
        for (int flip = 0; flip < 200; flip++)
        {
            Backend backend = pool.GetAllBackends()[random.Next(20)];
            _ = backend.IsHealthy ? pool.MarkUnhealthy(backend.Url) : pool.MarkHealthy(backend.Url);
        }

        await done.CancelAsync();
        await Task.WhenAll(clients);
        Assert.All(pool.GetAllBackends(), backend => Assert.Equal(0, backend.BusyConnections));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Pick_ManyTimes_AllocatesNothing(string algorithm)
    {
        BackendPool pool = Pools.OfSize(100, i => $"weight={i + 1}").BalancedBy(Create(algorithm));
        var request = new PickRequest(Pools.Client, [pool.GetAllBackends()[0]]);
        _ = pool.Snapshot.Plan.Pick(in request);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Backend backend = pool.Snapshot.Plan.Pick(in request)!;
            backend.Occupy();
            backend.Vacate();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // One client that is tried with backend after backend, until there is none.
    private static void TryAll(BackendPool pool, IPAddress client, List<Backend> connections)
    {
        PoolSnapshot snapshot = pool.Snapshot;
        var tried = new List<Backend>();
        Backend[] left = [.. snapshot.Candidates];
        Assert.All(left, backend => Assert.True(backend is { IsHealthy: true, Options.Weight: > 0 }));
        do
        {
            left = [.. left.Where(backend => !backend.IsFull && !tried.Contains(backend))];
            Backend? picked = snapshot.Plan.Pick(new PickRequest(client, tried));
            if (left.Length == 0)
                Assert.Null(picked);
            else
                Assert.Contains(picked, left!);
            if (picked is null)
                break;
            if (tried.Count == 0)
            {
                picked.Occupy();
                connections.Add(picked);
            }

            tried.Add(picked);
        }
        while (true);
    }

    private static void Leave(List<Backend> connections, int index)
    {
        connections[index].Vacate();
        connections.RemoveAt(index);
    }

    private static void ConnectUntil(BackendPool pool, CancellationToken done)
    {
        for (uint client = 0; !done.IsCancellationRequested; client++)
        {
            PoolSnapshot snapshot = pool.Snapshot;
            Backend? backend = snapshot.Plan.Pick(new PickRequest(new IPAddress(client)));
            Assert.True(backend is null ? snapshot.Candidates.Count == 0 : snapshot.Candidates.Contains(backend));
            backend?.Occupy();
            backend?.Vacate();
        }
    }

    private static IBalancingPolicy Create(string algorithm) => algorithm switch
    {
        "roundrobin" => new RoundRobinPolicy(),
        "leastconn" => new LeastConnPolicy(),
        "random" => new RandomPolicy(new Random(6)),
        "source" => new SourcePolicy(),
        _ => new FirstPolicy(),
    };
}
