using CsCheck;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Cli;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionQueueTests
{
    private static readonly ForwardingOptions _options = new() { QueueTimeout = TimeSpan.FromSeconds(5), MaxQueue = 3 };

    private readonly FakeTimeProvider _clock = new();
    private long _lastId;

    [Fact]
    public async Task TakeAsync_SlotFree_TakesItAtOnce()
    {
        BackendPool pool = TestBackends.Pool(1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection connection = Connection();

        ValueTask<Backend?> taking = queue.TakeAsync(connection);

        Assert.True(taking.IsCompletedSuccessfully);
        Assert.Equal(pool.GetAllBackends()[0], await taking);
        Assert.Equal((1, 1), (pool.GetAllBackends()[0].OpenConnections, pool.GetAllBackends()[0].ActiveConnections));
        Assert.Null(connection.ToRecord().Queue);
    }

    [Fact]
    public async Task TakeAsync_OneBackendFull_TakesTheOther()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);

        Backend?[] taken = [await queue.TakeAsync(Connection()), await queue.TakeAsync(Connection())];

        Assert.Equal(pool.GetAllBackends().Order(ByUrl), taken.OfType<Backend>().Order(ByUrl));
    }

    [Fact]
    public async Task Release_SeveralWait_ServesThemInTheirOrder()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        ActiveConnection[] connections = [Connection(), Connection(), Connection(), Connection()];
        Task<Backend?>[] takings = [.. connections.Select(connection => queue.TakeAsync(connection).AsTask())];
        Assert.Equal(3, queue.Length);

        for (int i = 0; i < connections.Length; i++)
        {
            Assert.NotNull(await takings[i].Done());
            Assert.All(takings[(i + 1)..], taking => Assert.False(taking.IsCompleted));
            queue.Release(connections[i]);
        }

        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public async Task TakeAsync_OthersWait_DoesNotOvertakeThem()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection failed = Connection();
        _ = await queue.TakeAsync(failed);
        ActiveConnection other = Connection();
        _ = await queue.TakeAsync(other);
        Task<Backend?> first = queue.TakeAsync(Connection()).AsTask();
        Task<Backend?> second = queue.TakeAsync(Connection()).AsTask();

        queue.Release(failed);

        _ = await first.Done();
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Release_TheFirstHasTriedThatBackend_ServesTheNext()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection[] holders = [Connection(), Connection()];
        Backend free = Assert.IsType<Backend>(await queue.TakeAsync(holders[0]));
        _ = await queue.TakeAsync(holders[1]);
        ActiveConnection picky = Connection();
        picky.AttemptFailed(free, "connection refused");
        Task<Backend?> first = queue.TakeAsync(picky).AsTask();
        Task<Backend?> second = queue.TakeAsync(Connection()).AsTask();

        queue.Release(holders[0]);

        Assert.Equal(free, await second.Done());
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task TakeAsync_QueueFull_SaysSo()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        for (int i = 0; i < 4; i++)
            _ = queue.TakeAsync(Connection()).AsTask();
        ActiveConnection last = Connection();

        Assert.Null(await queue.TakeAsync(last).AsTask().Done());

        Assert.Equal(ConnectionEndReason.QueueFull, last.ToRecord().Reason);
        Assert.Equal(3, queue.Length);
    }

    [Fact]
    public async Task TakeAsync_TimeIsUp_SaysSoAndReportsTheWait()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        _ = await queue.TakeAsync(Connection());
        _ = queue.TakeAsync(Connection()).AsTask();
        ActiveConnection connection = Connection();
        Task<Backend?> taking = queue.TakeAsync(connection).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(4.9));
        connection.CheckTimers(_options);
        Assert.False(taking.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        connection.CheckTimers(_options);

        Assert.Null(await taking.Done());
        ConnectionEndRecord record = connection.ToRecord();
        Assert.Equal((ConnectionEndReason.QueueTimeout, ConnectionSide.LbTcp), (record.Reason, record.EndedBy));
        Assert.Equal((TimeSpan.FromSeconds(5), 2), (record.Queue, record.QueueLength));
        Assert.Equal(1, queue.Length);
    }

    [Fact]
    public async Task TakeAsync_WaitsRepeatedly_TheTimeIsForAllWaits()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection[] holders = [Connection(), Connection()];
        Backend first = Assert.IsType<Backend>(await queue.TakeAsync(holders[0]));
        _ = await queue.TakeAsync(holders[1]);
        ActiveConnection connection = Connection();
        Task<Backend?> taking = queue.TakeAsync(connection).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(3));
        queue.Release(holders[0]);
        Assert.Equal(first, await taking.Done());
        queue.Release(connection);
        connection.AttemptFailed(first, "connection refused");

        taking = queue.TakeAsync(connection).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2));
        connection.CheckTimers(_options);

        Assert.Null(await taking.Done());
        Assert.Equal((TimeSpan.FromSeconds(5), 1), (connection.ToRecord().Queue, connection.ToRecord().QueueLength));
    }

    [Fact]
    public async Task TakeAsync_ClientLeavesWhileItWaits_GivesUpItsPlace()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        ActiveConnection holder = Connection();
        _ = await queue.TakeAsync(holder);
        (InMemoryConnection toClient, InMemoryConnection client) = InMemoryConnection.CreatePair();
        var connection = new ActiveConnection(++_lastId, toClient, _clock);
        Task<Backend?> taking = queue.TakeAsync(connection).AsTask();
        Task<Backend?> next = queue.TakeAsync(Connection()).AsTask();

        client.Abort();
        connection.CheckTimers(_options);

        Assert.Null(await taking.Done());
        Assert.Equal(ConnectionEndReason.ClientReset, connection.ToRecord().Reason);
        queue.Release(holder);
        Assert.NotNull(await next.Done());
    }

    [Fact]
    public async Task TakeAsync_EndedWhileItWaits_GivesUpItsPlace()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        _ = await queue.TakeAsync(Connection());
        ActiveConnection connection = Connection();
        Task<Backend?> taking = queue.TakeAsync(connection).AsTask();

        connection.End(ConnectionEndReason.DrainTimeout);

        Assert.Null(await taking.Done());
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public async Task TakeAsync_EndedBeforeItWaits_DoesNotWait()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        _ = await queue.TakeAsync(Connection());
        ActiveConnection connection = Connection();
        connection.End(ConnectionEndReason.DrainTimeout);

        Assert.Null(await queue.TakeAsync(connection).AsTask().Done());
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public async Task MarkHealthy_SomeWait_ServesThem()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        _ = pool.MarkUnhealthy("10.0.0.2:80");
        ConnectionQueue queue = Queue(pool);
        _ = await queue.TakeAsync(Connection());
        Task<Backend?> taking = queue.TakeAsync(Connection()).AsTask();
        Assert.False(taking.IsCompleted);

        _ = pool.MarkHealthy("10.0.0.2:80");

        Assert.Equal("10.0.0.2:80", (await taking.Done())?.Name);
    }

    [Fact]
    public async Task TakeAsync_NoBackendHealthy_DoesNotWait()
    {
        BackendPool pool = TestBackends.Pool(1);
        _ = pool.MarkUnhealthy("10.0.0.1:80");

        Assert.Null(await Queue(pool).TakeAsync(Connection()).AsTask().Done());
    }

    // Whoever joins looks again after it can be seen; whoever releases looks for it after the slot is free.
    [Fact]
    public Task Release_WhileOneJoins_NeverLosesTheSlot()
    {
        BackendPool pool = TestBackends.Pool(1);
        ConnectionQueue queue = Queue(pool);
        return Race.RunAsync(rounds: 10_000, () =>
        {
            ActiveConnection holder = Connection();
            Assert.True(queue.TakeAsync(holder).IsCompletedSuccessfully);
            ActiveConnection joining = Connection();
            Task<Backend?>? taking = null;
            return (
                () => taking = queue.TakeAsync(joining).AsTask(),
                () => queue.Release(holder),
                async () =>
                {
                    Assert.NotNull(await taking!.Done());
                    queue.Release(joining);
                    Assert.Equal(0, pool.GetAllBackends()[0].OpenConnections);
                }
            );
        });
    }

    // The slot goes to the one who leaves or to the next in line, never to nobody.
    [Fact]
    public Task End_WhileItsTurnComes_NeverLosesTheSlot()
    {
        BackendPool pool = TestBackends.Pool(1);
        ConnectionQueue queue = Queue(pool);
        return Race.RunAsync(rounds: 10_000, () =>
        {
            ActiveConnection holder = Connection();
            Assert.True(queue.TakeAsync(holder).IsCompletedSuccessfully);
            ActiveConnection leaving = Connection();
            Task<Backend?> taking = queue.TakeAsync(leaving).AsTask();
            return (
                () => leaving.End(ConnectionEndReason.DrainTimeout),
                () => queue.Release(holder),
                async () =>
                {
                    Backend? taken = await taking.Done();
                    Assert.Equal(taken is null ? 0 : 1, pool.GetAllBackends()[0].OpenConnections);
                    queue.Release(leaving);
                    Assert.Equal((0, 0), (pool.GetAllBackends()[0].OpenConnections, queue.Length));
                }
            );
        });
    }

    // Arrivals, ends, failures and flips in any order: never above a limit, nobody waits while it could be served, nothing is left behind.
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
        pool.Balance(policy);
        var queue = new ConnectionQueue(pool, _options with { MaxQueue = 1000 }, _clock);
        List<(ActiveConnection Connection, Task<Backend?> Taking)> open = [];
        foreach ((int kind, int target) in steps)
        {
            Backend backend = backends[target % backends.Count];
            if (kind <= 1)
            {
                ActiveConnection connection = Connection();
                open.Add((connection, queue.TakeAsync(connection).AsTask()));
            }
            else if (kind == 4)
            {
                _ = backend.IsHealthy ? pool.MarkUnhealthy(backend.Url) : pool.MarkHealthy(backend.Url);
            }
            else if (open.Count > 0)
            {
                (ActiveConnection connection, Task<Backend?> taking) = open[target % open.Count];
                open.RemoveAt(target % open.Count);
                Backend? taken = Finish(queue, connection, taking);
                if (kind == 3 && taken is not null)
                {
                    connection.AttemptFailed(taken, "connection refused");
                    open.Add((connection, queue.TakeAsync(connection).AsTask()));
                }
            }

            Assert.All(backends, backend => Assert.InRange(backend.OpenConnections, 0, backend.MaxConnections == 0 ? int.MaxValue : backend.MaxConnections));
            Assert.All(open, one => Assert.True(
                one.Connection.Wait is null || one.Taking.IsCompleted || !IsWaiting(queue, one) || !pool.GetHealthyBackends().Except(one.Connection.Tried).Any(backend => !backend.IsFull)));
        }

        foreach ((ActiveConnection connection, Task<Backend?> taking) in open)
            _ = Finish(queue, connection, taking);
        Assert.Equal(0, queue.Length);
        Assert.All(backends, backend => Assert.Equal((0, 0), (backend.OpenConnections, backend.ActiveConnections)));
    }

    // Served by the queue, though its continuation may not have run yet.
    private static bool IsWaiting(ConnectionQueue queue, (ActiveConnection Connection, Task<Backend?> Taking) one) =>
        queue.Length > 0 && one.Connection.Wait is { Result.IsCompleted: false };

    private static Backend? Finish(ConnectionQueue queue, ActiveConnection connection, Task<Backend?> taking)
    {
        if (connection.Wait is { Result.IsCompleted: false } wait)
            wait.Leave();
        Assert.True(taking.Wait(Until.Patience));
        queue.Release(connection);
        return taking.Result;
    }

    private static Comparer<Backend> ByUrl { get; } = Comparer<Backend>.Create((x, y) => string.CompareOrdinal(x.Url, y.Url));

    private ConnectionQueue Queue(BackendPool pool)
    {
        pool.Balance(new RoundRobinPolicy());
        return new ConnectionQueue(pool, _options, _clock);
    }

    private ActiveConnection Connection() => new(++_lastId, InMemoryConnection.CreatePair().Connection, _clock);
}
