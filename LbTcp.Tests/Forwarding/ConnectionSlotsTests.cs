using LbTcp.Forwarding;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionSlotsTests
{
    [Fact]
    public async Task TryAcquire_ManyThreads_NeverTakesMoreThanThereAreAndLosesNone()
    {
        var places = new ConnectionSlots(3);
        int taken = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                while (!places.TryAcquire())
                    await places.WhenNotFullAsync(CancellationToken.None);
                int now = Interlocked.Increment(ref taken);
                InterlockedMax(ref most, now);
                _ = Interlocked.Decrement(ref taken);
                places.Release();
            }
        }))).Done();

        Assert.InRange(most, 1, 3);
        Assert.True(places.TryAcquire() && places.TryAcquire() && places.TryAcquire());
        Assert.False(places.TryAcquire());
    }

    [Fact]
    public async Task WhenNotFullAsync_SeveralWait_AllAreToldOfOnePlaceAndOneTakesIt()
    {
        var places = new ConnectionSlots(1);
        Assert.True(places.TryAcquire());
        Task first = places.WhenNotFullAsync(CancellationToken.None);
        Task second = places.WhenNotFullAsync(CancellationToken.None);
        Assert.False(first.IsCompleted || second.IsCompleted);

        places.Release();

        await Task.WhenAll(first, second).Done();
        Assert.True(places.TryAcquire());
        Assert.True(places.IsFull);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = Volatile.Read(ref target); value > seen;)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
