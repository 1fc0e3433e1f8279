using CsCheck;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>Threads that meet at the queue, and any sequence of what can happen to it.</summary>
public sealed class ConnectionQueueRaceTests : ConnectionQueueScenario
{
    // A client that joins checks again after it is visible; a release looks for clients after the slot is free.
    [Fact]
    public Task Release_WhileOneJoins_NeverLosesTheSlot()
    {
        BackendPool pool = TestBackends.Pool(1);
        ConnectionQueue queue = Queue(pool);
        return Race.RunAsync(rounds: 10_000, () =>
        {
            ActiveConnection holder = Connection();
            Assert.True(queue.AcquireAsync(holder).IsCompletedSuccessfully);
            ActiveConnection joining = Connection();
            Task<BackendLease?>? taking = null;
            return (
                () => taking = queue.AcquireAsync(joining).AsTask(),
                () => queue.Release(holder.Dial.Lease),
                async () =>
                {
                    Assert.NotNull(await taking!.Done());
                    queue.Release(joining.Dial.Lease);
                    Assert.Equal(0, pool.GetAllBackends()[0].OpenConnections);
                }
            );
        });
    }

    // The slot goes to the client that leaves or to the next one; it is never lost.
    [Fact]
    public Task End_WhileItsTurnComes_NeverLosesTheSlot()
    {
        BackendPool pool = TestBackends.Pool(1);
        ConnectionQueue queue = Queue(pool);
        return Race.RunAsync(rounds: 10_000, () =>
        {
            ActiveConnection holder = Connection();
            Assert.True(queue.AcquireAsync(holder).IsCompletedSuccessfully);
            ActiveConnection leaving = Connection();
            Task<BackendLease?> taking = queue.AcquireAsync(leaving).AsTask();
            return (
                () => leaving.End(ConnectionEndReason.DrainTimeout),
                () => queue.Release(holder.Dial.Lease),
                async () =>
                {
                    BackendLease? taken = await taking.Done();
                    Assert.Equal(taken is null ? 0 : 1, pool.GetAllBackends()[0].OpenConnections);
                    queue.Release(leaving.Dial.Lease);
                    Assert.Equal((0, 0), (pool.GetAllBackends()[0].OpenConnections, queue.Length));
                }
            );
        });
    }

    // Arrivals, ends, failures and flips in any order: no limit is exceeded, no client waits while it could be served, and nothing is left
    // behind.
    [Theory]
    [InlineData(Algorithm.RoundRobin)]
    [InlineData(Algorithm.LeastConn)]
    [InlineData(Algorithm.Random)]
    [InlineData(Algorithm.Source)]
    [InlineData(Algorithm.First)]
    internal void TakeAndRelease_AnySequence_KeepsLimitsAndLosesNoSlot(Algorithm algorithm) =>
        Gen.Select(Gen.Int[0, 2].Array[1, 4], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 20]).Array[1, 60])
            .Sample((limits, steps) => Play(Policies.Create(algorithm), limits, steps), iter: 200, threads: 1);

    private void Play(IBalancingPolicy policy, int[] limits, (int Kind, int Target)[] steps)
    {
        BackendPool pool = TestBackends.Pool(limits);
        IReadOnlyList<Backend> backends = pool.GetAllBackends();
        var queue = new ConnectionQueue(pool.BalancedBy(policy).Balancer, new(Options with { MaxQueue = 1000 }), Clock);
        List<(ActiveConnection Connection, Task<BackendLease?> Taking)> open = [];
        foreach ((int kind, int target) in steps)
        {
            Backend backend = backends[target % backends.Count];
            if (kind <= 1)
            {
                ActiveConnection connection = Connection();
                open.Add((connection, queue.AcquireAsync(connection).AsTask()));
            }
            else if (kind == 4)
            {
                _ = backend.IsHealthy ? pool.MarkUnhealthy(backend.Url) : pool.MarkHealthy(backend.Url);
            }
            else if (open.Count > 0)
            {
                (ActiveConnection connection, Task<BackendLease?> taking) = open[target % open.Count];
                open.RemoveAt(target % open.Count);
                BackendLease? taken = Finish(queue, connection, taking);
                if (kind == 3 && taken is not null)
                {
                    connection.Dial.Failed(taken.Backend, "connection refused");
                    open.Add((connection, queue.AcquireAsync(connection).AsTask()));
                }
            }

            Assert.All(backends, backend => Assert.InRange(
                backend.OpenConnections, 0, backend.MaxConnections == 0 ? int.MaxValue : backend.MaxConnections));
            Assert.All(open, one => Assert.True(
                one.Connection.Dial.Wait is null || one.Taking.IsCompleted || !IsWaiting(queue, one) ||
                    !pool.GetHealthyBackends().Except(one.Connection.Dial.Tried).Any(backend => !backend.IsFull)));
        }

        foreach ((ActiveConnection connection, Task<BackendLease?> taking) in open)
            _ = Finish(queue, connection, taking);
        Assert.Equal(0, queue.Length);
        Assert.All(backends, backend => Assert.Equal((0, 0), (backend.OpenConnections, backend.BusyConnections)));
    }

    // Served by the queue, though its continuation may not have run yet.
    private static bool IsWaiting(ConnectionQueue queue, (ActiveConnection Connection, Task<BackendLease?> Taking) one) =>
        queue.Length > 0 && one.Connection.Dial.Wait is { Result.IsCompleted: false };

    private static BackendLease? Finish(ConnectionQueue queue, ActiveConnection connection, Task<BackendLease?> taking)
    {
        if (connection.Dial.Wait is { Result.IsCompleted: false } wait)
            wait.Leave();
        Assert.True(taking.Wait(Until.Patience));
        queue.Release(connection.Dial.Lease);
        return taking.Result;
    }
}
