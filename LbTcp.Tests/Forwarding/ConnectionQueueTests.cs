using CsCheck;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionQueueTests : ConnectionQueueScenario
{
    [Fact]
    public async Task TakeAsync_SlotFree_TakesItAtOnce()
    {
        BackendPool pool = TestBackends.Pool(1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection connection = Connection();

        ValueTask<BackendLease?> taking = queue.AcquireAsync(connection);

        Assert.True(taking.IsCompletedSuccessfully);
        Assert.Equal(pool.GetAllBackends()[0], (await taking)?.Backend);
        Assert.Equal((1, 1), (pool.GetAllBackends()[0].OpenConnections, pool.GetAllBackends()[0].BusyConnections));
        Assert.Null(connection.ToRecord().Queue);
    }

    [Fact]
    public async Task TakeAsync_OneBackendFull_TakesTheOther()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);

        BackendLease?[] taken = [await queue.AcquireAsync(Connection()), await queue.AcquireAsync(Connection())];

        Assert.Equal(pool.GetAllBackends().Order(ByUrl), taken.Select(lease => lease!.Backend).Order(ByUrl));
    }

    [Fact]
    public async Task Release_SeveralWait_ServesThemInTheirOrder()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        ActiveConnection[] connections = [Connection(), Connection(), Connection(), Connection()];
        Task<BackendLease?>[] takings = [.. connections.Select(connection => queue.AcquireAsync(connection).AsTask())];
        Assert.Equal(3, queue.Length);

        for (int i = 0; i < connections.Length; i++)
        {
            Assert.NotNull(await takings[i].Done());
            Assert.All(takings[(i + 1)..], taking => Assert.False(taking.IsCompleted));
            queue.Release(connections[i].Dial.Lease);
        }

        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public async Task TakeAsync_OthersWait_DoesNotOvertakeThem()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection failed = Connection();
        _ = await queue.AcquireAsync(failed);
        ActiveConnection other = Connection();
        _ = await queue.AcquireAsync(other);
        Task<BackendLease?> first = queue.AcquireAsync(Connection()).AsTask();
        Task<BackendLease?> second = queue.AcquireAsync(Connection()).AsTask();

        queue.Release(failed.Dial.Lease);

        _ = await first.Done();
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Release_TheFirstHasTriedThatBackend_ServesTheNext()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection[] holders = [Connection(), Connection()];
        Backend free = Assert.IsType<BackendLease>(await queue.AcquireAsync(holders[0])).Backend;
        _ = await queue.AcquireAsync(holders[1]);
        ActiveConnection picky = Connection();
        picky.Dial.Failed(free, "connection refused");
        Task<BackendLease?> first = queue.AcquireAsync(picky).AsTask();
        Task<BackendLease?> second = queue.AcquireAsync(Connection()).AsTask();

        queue.Release(holders[0].Dial.Lease);

        Assert.Equal(free, (await second.Done())?.Backend);
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task TakeAsync_QueueFull_SaysSo()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        for (int i = 0; i < 4; i++)
            _ = queue.AcquireAsync(Connection()).AsTask();
        ActiveConnection last = Connection();

        Assert.Null(await queue.AcquireAsync(last).AsTask().Done());

        Assert.Equal(ConnectionEndReason.QueueFull, last.ToRecord().Reason);
        Assert.Equal(3, queue.Length);
    }

    [Fact]
    public async Task TakeAsync_TimeIsUp_SaysSoAndReportsTheWait()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        _ = await queue.AcquireAsync(Connection());
        _ = queue.AcquireAsync(Connection()).AsTask();
        ActiveConnection connection = Connection();
        Task<BackendLease?> taking = queue.AcquireAsync(connection).AsTask();

        Clock.Advance(TimeSpan.FromSeconds(4.9));
        connection.CheckTimers(Options);
        Assert.False(taking.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        connection.CheckTimers(Options);

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
        Backend first = Assert.IsType<BackendLease>(await queue.AcquireAsync(holders[0])).Backend;
        _ = await queue.AcquireAsync(holders[1]);
        ActiveConnection connection = Connection();
        Task<BackendLease?> taking = queue.AcquireAsync(connection).AsTask();
        Clock.Advance(TimeSpan.FromSeconds(3));
        queue.Release(holders[0].Dial.Lease);
        Assert.Equal(first, (await taking.Done())?.Backend);
        queue.Release(connection.Dial.Lease);
        connection.Dial.Failed(first, "connection refused");

        taking = queue.AcquireAsync(connection).AsTask();
        Clock.Advance(TimeSpan.FromSeconds(2));
        connection.CheckTimers(Options);

        Assert.Null(await taking.Done());
        Assert.Equal((TimeSpan.FromSeconds(5), 1), (connection.ToRecord().Queue, connection.ToRecord().QueueLength));
    }

    [Fact]
    public async Task TakeAsync_ClientLeavesWhileItWaits_GivesUpItsPlace()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        ActiveConnection holder = Connection();
        _ = await queue.AcquireAsync(holder);
        (InMemoryConnection toClient, InMemoryConnection client) = InMemoryConnection.CreatePair();
        ActiveConnection connection = Connection(toClient);
        Task<BackendLease?> taking = queue.AcquireAsync(connection).AsTask();
        Task<BackendLease?> next = queue.AcquireAsync(Connection()).AsTask();

        client.Abort();
        connection.CheckTimers(Options);

        Assert.Null(await taking.Done());
        Assert.Equal(ConnectionEndReason.ClientReset, connection.ToRecord().Reason);
        queue.Release(holder.Dial.Lease);
        Assert.NotNull(await next.Done());
    }

    [Fact]
    public async Task TakeAsync_EndedWhileItWaits_GivesUpItsPlace()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        _ = await queue.AcquireAsync(Connection());
        ActiveConnection connection = Connection();
        Task<BackendLease?> taking = queue.AcquireAsync(connection).AsTask();

        connection.End(ConnectionEndReason.DrainTimeout);

        Assert.Null(await taking.Done());
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public async Task TakeAsync_EndedBeforeItWaits_DoesNotWait()
    {
        ConnectionQueue queue = Queue(TestBackends.Pool(1));
        _ = await queue.AcquireAsync(Connection());
        ActiveConnection connection = Connection();
        connection.End(ConnectionEndReason.DrainTimeout);

        Assert.Null(await queue.AcquireAsync(connection).AsTask().Done());
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public async Task MarkHealthy_SomeWait_ServesThem()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        _ = pool.MarkUnhealthy("10.0.0.2:80");
        ConnectionQueue queue = Queue(pool);
        _ = await queue.AcquireAsync(Connection());
        Task<BackendLease?> taking = queue.AcquireAsync(Connection()).AsTask();
        Assert.False(taking.IsCompleted);

        _ = pool.MarkHealthy("10.0.0.2:80");

        Assert.Equal("10.0.0.2:80", (await taking.Done())?.Backend.Name);
    }

    // The reason of the end is that of the last dial, not a time limit of the queue.
    [Fact]
    public async Task TakeAsync_EveryLimitedBackendWasTried_DoesNotWait()
    {
        BackendPool pool = TestBackends.Pool(1, 1);
        ConnectionQueue queue = Queue(pool);
        ActiveConnection connection = Connection();
        foreach (Backend backend in pool.GetAllBackends())
            connection.Dial.Failed(backend, "connection refused");

        Assert.Null(await queue.AcquireAsync(connection).AsTask().Done());

        Assert.Equal(0, queue.Length);
        Assert.False(connection.IsDecided);
    }

    [Fact]
    public async Task TakeAsync_NoBackendHealthy_DoesNotWait()
    {
        BackendPool pool = TestBackends.Pool(1);
        _ = pool.MarkUnhealthy("10.0.0.1:80");

        Assert.Null(await Queue(pool).AcquireAsync(Connection()).AsTask().Done());
    }

    private static Comparer<Backend> ByUrl { get; } = Comparer<Backend>.Create((x, y) => string.CompareOrdinal(x.Url, y.Url));
}
