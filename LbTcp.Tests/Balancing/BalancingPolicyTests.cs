using System.Net;
using System.Runtime.CompilerServices;
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
        BalancedPool pool = Pools.Of(history.Lines.Select((options, i) => $"b{i}:1 {options}")).BalancedBy(Create(algorithm));
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

    // The same while others connect and leave, and backends flip: what a snapshot picks is available in it, and everything is released.
    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Pick_WhileThePoolChanges_TakesAvailableOnesOnly(string algorithm)
    {
        BalancedPool pool = Pools.OfSize(20, i => $"weight={i % 4} {(i % 5 == 0 ? "backup" : "")}").BalancedBy(Create(algorithm));
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
        BalancedPool pool = Pools.OfSize(100, i => $"weight={i + 1}").BalancedBy(Create(algorithm));
        var request = new PickRequest(Pools.Client, [pool.GetAllBackends()[0]]);
        Backend idle = new(pool.GetAllBackends()[0].Options);
        Assert.Equal(LeastAllocated(() => idle), LeastAllocated(() => pool.Current.Plan.Pick(in request)!));
    }

    // The least of several runs: the runtime allocates as well, when it loads or compiles something for the first time.
    private static long LeastAllocated(Func<Backend> pick) => Enumerable.Range(0, 5).Min(_ => Allocated(pick));

    // What leases take, and nothing more for the pick and for the plan that is notified of them.
    private static long Allocated(Func<Backend> pick)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            AcquireAndRelease(pick());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Compiled once, so that it allocates the same in every call: a method that is compiled again may keep a lease on the stack.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AcquireAndRelease(Backend backend) => backend.TryAcquire()!.Release();

    // One client that is tried with backend after backend, until there is none.
    private static void TryAll(BalancedPool pool, IPAddress client, List<Backend> connections)
    {
        PickSnapshot snapshot = pool.Current;
        var tried = new List<Backend>();
        Backend[] left = [.. snapshot.Pool.Available];
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

    private static void ConnectUntil(BalancedPool pool, CancellationToken done)
    {
        for (uint client = 0; !done.IsCancellationRequested; client++)
        {
            PickSnapshot snapshot = pool.Current;
            Backend? backend = snapshot.Plan.Pick(new PickRequest(new IPAddress(client)));
            Assert.True(backend is null ? snapshot.Pool.Available.Count == 0 : snapshot.Pool.Available.Contains(backend));
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
