using LbTcp.Forwarding;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionPlacesTests
{
    [Fact]
    public async Task TryTake_ManyThreads_NeverTakesMoreThanThereAreAndLosesNone()
    {
        var places = new ConnectionPlaces(3);
        int taken = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                while (!places.TryTake())
                    await places.WhenNotFullAsync(CancellationToken.None);
                int now = Interlocked.Increment(ref taken);
                InterlockedMax(ref most, now);
                _ = Interlocked.Decrement(ref taken);
                places.Give();
            }
        }))).Done();

        Assert.InRange(most, 1, 3);
        Assert.True(places.TryTake() && places.TryTake() && places.TryTake());
        Assert.False(places.TryTake());
    }

    [Fact]
    public async Task WhenNotFullAsync_SeveralWait_AllAreToldOfOnePlaceAndOneTakesIt()
    {
        var places = new ConnectionPlaces(1);
        Assert.True(places.TryTake());
        Task first = places.WhenNotFullAsync(CancellationToken.None);
        Task second = places.WhenNotFullAsync(CancellationToken.None);
        Assert.False(first.IsCompleted || second.IsCompleted);

        places.Give();

        await Task.WhenAll(first, second).Done();
        Assert.True(places.TryTake());
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
