using System.Net;
using CsCheck;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

/// <summary>Lists of backends, flips, intents, weights, picks and ends in any order.</summary>
public sealed class BalancerPropertyTests
{
    private const int Addresses = 6;

    private enum Kind
    {
        Apply,
        Flip,
        Intent,
        Weight,
        Pick,
        EndUse,
        Release,
    }

    private static readonly Gen<(Kind Kind, int Which, int Value)[]> _steps =
        Gen.Select(Gen.Int[0, 12].Select(i => i < 7 ? (Kind)i : Kind.Pick), Gen.Int[0, 1_000], Gen.Int[0, 1_000_000]).Array[1, 80];

    [Theory]
    [InlineData(Algorithm.RoundRobin)]
    [InlineData(Algorithm.LeastConn)]
    [InlineData(Algorithm.Random)]
    [InlineData(Algorithm.Source)]
    [InlineData(Algorithm.First)]
    internal void AnySequence_Pick_TakesExactlyTheAvailableOnes(Algorithm algorithm) => _steps.Sample(
        steps =>
        {
            var pool = new BalancedPool(new BackendPool(Backends(seed: 1)), Policies.Create(algorithm));
            List<BackendLease> leases = [];
            foreach ((Kind kind, int which, int value) in steps)
            {
                Do(pool, kind, which, value, leases);
                AssertConsistent(pool.Pool.Snapshot);
                Assert.Same(pool.Pool.Snapshot, pool.Current.Pool);
                AssertPicks(pool, new IPAddress((uint)value));
            }

            AssertAllReleased(pool.Pool, leases);
        },
        iter: 300,
        threads: 1);

    // Each backend is changed by one thread, which alone knows since when it must not be picked.
    [Theory]
    [InlineData(Algorithm.RoundRobin)]
    [InlineData(Algorithm.LeastConn)]
    [InlineData(Algorithm.Random)]
    [InlineData(Algorithm.Source)]
    [InlineData(Algorithm.First)]
    internal async Task ManyThreads_Pick_NeverTakesOneThatWasUnavailableAllTheTime(Algorithm algorithm)
    {
        var pool = new BalancedPool(new BackendPool(Backends(seed: 1)), Policies.Create(algorithm));
        var unavailable = new int[Addresses]; // odd while the backend must not be picked; grows with every change
        using var done = new CancellationTokenSource();
        Task[] writers =
        [
            Writer(0, random => Change(unavailable, 0, () => pool.MarkUnhealthy(Address(0)), () => pool.MarkHealthy(Address(0)))),
            Writer(1, random => ChangeIntent(pool.Pool, unavailable, 1)),
            Writer(2, random => ChangeMembership(pool.Pool, unavailable, 2, random)),
        ];
        Task[] clients = [.. Enumerable.Range(10, 2).Select(seed => Task.Factory.StartNew(
            () => PickUntil(pool, unavailable, new Random(seed), done.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Task.WhenAll(writers).Done();
        await done.CancelAsync();
        await Task.WhenAll(clients).Done();

        Assert.Same(pool.Pool.Snapshot, pool.Current.Pool);
        AssertAllReleased(pool.Pool, []);
    }

    private static Task Writer(int seed, Action<Random> step) => Task.Run(() =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 50; i++)
            step(random);
    });

    private static void Change(int[] unavailable, int index, Action leave, Action back)
    {
        leave();
        _ = Interlocked.Increment(ref unavailable[index]);
        Thread.SpinWait(200);
        _ = Interlocked.Increment(ref unavailable[index]);
        back();
    }

    private static void ChangeIntent(BackendPool pool, int[] unavailable, int index)
    {
        Backend backend = pool.GetAllBackends().Single(one => one.Address.Text == Address(index));
        Change(unavailable, index, () => pool.SetIntent(backend, BackendIntent.Drain), () => pool.SetIntent(backend, BackendIntent.Ready));
    }

    private static void ChangeMembership(BackendPool pool, int[] unavailable, int index, Random random)
    {
        BackendOptions[] all = [.. Backends(seed: 1).OrderBy(_ => random.Next())];
        Change(unavailable, index, () => pool.Apply([.. all.Where(one => one.Address.Text != Address(index))]), () => pool.Apply(all));
    }

    private static void PickUntil(BalancedPool pool, int[] unavailable, Random random, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            AssertConsistent(pool.Pool.Snapshot);
            int[] before = [.. Enumerable.Range(0, Addresses).Select(i => Volatile.Read(ref unavailable[i]))];
            Backend? picked = pool.PickFor(new IPAddress((uint)random.Next()));
            if (picked is null)
                continue;
            int index = int.Parse(picked.Address.HostName.AsSpan("10.0.0.".Length), provider: null);
            int now = Volatile.Read(ref unavailable[index]);
            Assert.False(now % 2 == 1 && before[index] == now, $"{picked.Name} was unavailable from before the pick until after it");
            BackendLease? lease = picked.TryAcquire();
            if (random.Next(2) == 0)
                lease?.EndUse();
            Assert.True(lease?.Release() is null or true);
        }
    }

    private static void Do(BalancedPool pool, Kind kind, int which, int value, List<BackendLease> leases)
    {
        IReadOnlyList<Backend> all = pool.GetAllBackends();
        if (kind is Kind.Apply)
            _ = pool.Pool.Apply(Backends(value));
        else if (kind is Kind.Pick && pool.PickFor(new IPAddress((uint)value)) is { } picked)
            leases.Add(Assert.IsType<BackendLease>(picked.TryAcquire()));
        else if (kind is Kind.EndUse && leases.Count > 0)
            leases[which % leases.Count].EndUse();
        else if (kind is Kind.Release && leases.Count > 0)
            Assert.True(Take(leases, which % leases.Count).Release());
        else if (all.Count > 0)
            Change(pool.Pool, all[which % all.Count], kind, value);
    }

    private static void Change(BackendPool pool, Backend backend, Kind kind, int value)
    {
        if (kind is Kind.Flip)
            Assert.True(backend.IsHealthy ? pool.MarkUnhealthy(backend.Url) : pool.MarkHealthy(backend.Url));
        else if (kind is Kind.Intent)
            _ = pool.SetIntent(backend, (BackendIntent)(value % 3));
        else if (kind is Kind.Weight)
            _ = pool.OverrideWeight(backend, value % 4 == 3 ? null : value % 4);
    }

    // A client that is tried with one backend after the other gets each available one that is not full, once, and no other.
    private static void AssertPicks(BalancedPool pool, IPAddress client)
    {
        List<Backend> tried = [];
        while (pool.Current.Plan.Pick(new PickRequest(client, tried)) is { } picked)
            tried.Add(picked);
        Assert.Equal(
            pool.GetAllBackends().Where(IsAvailable).Where(backend => !backend.IsFull).Names().Order(),
            tried.Names().Order());

        bool IsAvailable(Backend backend) => Serves(backend) &&
            (!backend.Options.IsBackup || !pool.GetAllBackends().Any(other => Serves(other) && !other.Options.IsBackup));

        static bool Serves(Backend backend) => backend is { IsHealthy: true, Intent: BackendIntent.Ready, Weight: > 0 };
    }

    private static void AssertConsistent(PoolSnapshot snapshot)
    {
        (Backend Backend, BackendState State)[] all = [.. snapshot.All.Zip(snapshot.States.ToArray())];
        Assert.Equal(all.Length, all.Select(one => one.Backend.Address.HostAndPort).Distinct().Count());
        Assert.Equal(all.Where(one => one.State.IsHealthy).Select(one => one.Backend), snapshot.Healthy);
        bool hasPrimary = all.Any(one => one.State is { IsHealthy: true, AllowsConnections: true, IsBackup: false });
        var members = all.Where(one => one.State.AllowsConnections && one.State.IsBackup != hasPrimary).ToArray();
        Assert.Equal(members.Select(one => (one.Backend, (int)one.State.Weight)), snapshot.Members.Zip(snapshot.Members.Weights.ToArray()));
        Assert.Equal(
            members.Where(one => one.State.IsHealthy).Select(one => (one.Backend, (int)one.State.Weight)),
            snapshot.Available.Zip(snapshot.Available.Weights.ToArray()));
    }

    // When every lease is released nothing is counted any more, and a removed backend that returns is the same one.
    private static void AssertAllReleased(BackendPool pool, List<BackendLease> leases)
    {
        _ = pool.Apply();
        foreach (BackendLease lease in leases)
            Assert.True(lease.Release());
        Backend[] known = [.. leases.Select(lease => lease.Backend)];
        Assert.All(known, backend => Assert.Equal((0, 0), (backend.BusyConnections, backend.OpenConnections)));

        _ = pool.Apply(Backends(seed: 1));

        Assert.Empty(known.Except(pool.GetAllBackends()));
        Assert.All(pool.GetAllBackends(), backend => Assert.Equal((0, 0), (backend.BusyConnections, backend.OpenConnections)));
    }

    // Of the addresses some, in some order and with some options; all with a seed of 1.
    private static BackendOptions[] Backends(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Addresses).Where(_ => seed == 1 || random.Next(4) > 0).OrderBy(_ => random.Next()).Select(i =>
            Pools.Options($"{Address(i)} weight={(seed == 1 ? i + 1 : random.Next(4))}" +
                $"{(seed != 1 && random.Next(4) == 0 ? " backup" : "")}" +
                $"{(seed != 1 && random.Next(3) == 0 ? " max_connections=2" : "")}")[0])];
    }

    private static string Address(int index) => $"10.0.0.{index}:80";

    private static BackendLease Take(List<BackendLease> leases, int index)
    {
        BackendLease lease = leases[index];
        leases.RemoveAt(index);
        return lease;
    }
}
