using LbTcp.Backends;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Backends;

public sealed class BackendTests
{
    [Fact]
    public void TryTake_AtTheLimit_IsRefusedUntilASlotIsGivenBack()
    {
        Backend backend = TestBackends.Limited("10.0.0.1:80", 2);

        Assert.Equal([true, true, false], [backend.TryAcquire(), backend.TryAcquire(), backend.TryAcquire()]);
        Assert.True(backend.IsFull);
        backend.Release();

        Assert.False(backend.IsFull);
        Assert.True(backend.TryAcquire());
        Assert.Equal(2, backend.OpenConnections);
    }

    [Fact]
    public void TryTake_NoLimit_IsNeverRefused()
    {
        Backend backend = TestBackends.Limited("10.0.0.1:80", 0);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(backend.TryAcquire()));

        Assert.False(backend.IsFull);
    }

    [Fact]
    public async Task TryTake_ManyThreads_NeverMoreThanTheLimitAndNoneInTheEnd()
    {
        Backend backend = TestBackends.Limited("10.0.0.1:80", 3);
        int holders = 0;
        int most = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int round = 0; round < 20_000; round++)
                {
                    if (!backend.TryAcquire())
                        continue;
                    int now = Interlocked.Increment(ref holders);
                    if (now > Volatile.Read(ref most))
                        Volatile.Write(ref most, now);
                    Thread.SpinWait(round % 50);
                    _ = Interlocked.Decrement(ref holders);
                    backend.Release();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).Done();

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, backend.OpenConnections);
    }
}
