using LbTcp.Backends;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Backends;

public sealed class BackendTests
{
    [Fact]
    public void TryAcquire_AtTheLimit_IsRefusedUntilASlotIsReleased()
    {
        Backend backend = Limited(2);
        BackendLease first = Acquire(backend);
        _ = Acquire(backend);

        Assert.Null(backend.TryAcquire());
        Assert.True(backend.IsFull);
        Assert.True(first.Release());

        Assert.False(backend.IsFull);
        _ = Acquire(backend);
        Assert.Equal(2, backend.OpenConnections);
    }

    [Fact]
    public void TryAcquire_NoLimit_IsNeverRefused()
    {
        Backend backend = Limited(0);

        Assert.All(Enumerable.Range(0, 1000), _ => Acquire(backend));

        Assert.False(backend.IsFull);
    }

    [Fact]
    public void TryAcquire_LimitIsLowered_HoldsAtOnce()
    {
        BackendPool pool = Pools.Of("a:1 max_connections=3");
        Backend backend = pool.Named("a:1");
        BackendLease[] leases = [Acquire(backend), Acquire(backend)];

        _ = pool.Apply("a:1 max_connections=1");
        Assert.Null(backend.TryAcquire());
        Assert.True(leases[0].Release());
        Assert.Null(backend.TryAcquire());
        Assert.True(leases[1].Release());

        _ = Acquire(backend);
    }

    [Fact]
    public void EndUse_BeforeRelease_IsNoLongerBusyButStillOpen()
    {
        Backend backend = Limited(0);
        BackendLease lease = Acquire(backend);

        lease.EndUse();
        lease.EndUse();
        Assert.Equal((0, 1), (backend.BusyConnections, backend.OpenConnections));

        Assert.True(lease.Release());
        Assert.Equal((0, 0), (backend.BusyConnections, backend.OpenConnections));
    }

    [Fact]
    public void Release_Repeatedly_GivesOneSlotBack()
    {
        Backend backend = Limited(0);
        BackendLease lease = Acquire(backend);
        _ = Acquire(backend);

        Assert.Equal([true, false, false], [lease.Release(), lease.Release(), lease.Release()]);
        lease.EndUse();

        Assert.Equal((1, 1), (backend.BusyConnections, backend.OpenConnections));
    }

    [Fact]
    public async Task TryAcquire_ManyThreads_NeverMoreThanTheLimitAndNoneInTheEnd()
    {
        Backend backend = Limited(3);
        int holders = 0;
        int most = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int round = 0; round < 20_000; round++)
                {
                    if (backend.TryAcquire() is not { } lease)
                        continue;
                    int now = Interlocked.Increment(ref holders);
                    if (now > Volatile.Read(ref most))
                        Volatile.Write(ref most, now);
                    Thread.SpinWait(round % 50);
                    _ = Interlocked.Decrement(ref holders);
                    Assert.True(lease.Release());
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).Done();

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (backend.BusyConnections, backend.OpenConnections));
    }

    // The end of use and the release may come from two threads at a time.
    [Fact]
    public Task Release_WhileItsUseEnds_CountsOnce()
    {
        Backend backend = Limited(0);
        return Race.RunAsync(rounds: 20_000, () =>
        {
            BackendLease lease = Acquire(backend);
            return (
                lease.EndUse,
                () => lease.Release(),
                () =>
                {
                    Assert.Equal((0, 0), (backend.BusyConnections, backend.OpenConnections));
                    return Task.CompletedTask;
                }
            );
        });
    }

    private static Backend Limited(int most) => new(TestBackends.Limited("10.0.0.1:80", most));

    private static BackendLease Acquire(Backend backend) => Assert.IsType<BackendLease>(backend.TryAcquire());
}
