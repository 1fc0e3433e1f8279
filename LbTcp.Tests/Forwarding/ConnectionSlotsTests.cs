using LbTcp.Forwarding;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionSlotsTests
{
    [Fact]
    public async Task TryAcquire_ManyThreads_NeverTakesMoreThanThereAreAndLosesNone()
    {
        var slots = new ConnectionSlots(3);
        int taken = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                while (!slots.TryAcquire())
                    await slots.WhenNotFullAsync(CancellationToken.None);
                int now = Interlocked.Increment(ref taken);
                InterlockedMax(ref most, now);
                _ = Interlocked.Decrement(ref taken);
                slots.Release();
            }
        }))).Done();

        Assert.InRange(most, 1, 3);
        Assert.True(slots.TryAcquire() && slots.TryAcquire() && slots.TryAcquire());
        Assert.False(slots.TryAcquire());
    }

    [Fact]
    public async Task WhenNotFullAsync_SeveralWait_AllAreToldOfOnePlaceAndOneTakesIt()
    {
        var slots = new ConnectionSlots(1);
        Assert.True(slots.TryAcquire());
        Task first = slots.WhenNotFullAsync(CancellationToken.None);
        Task second = slots.WhenNotFullAsync(CancellationToken.None);
        Assert.False(first.IsCompleted || second.IsCompleted);

        slots.Release();

        await Task.WhenAll(first, second).Done();
        Assert.True(slots.TryAcquire());
        Assert.True(slots.IsFull);
    }

    [Fact]
    public void TryAcquire_ShareOfAService_IsLimitedByBoth()
    {
        var process = new ConnectionSlots(3);
        var one = new ConnectionSlots(2, process);
        var other = new ConnectionSlots(2, process);

        Assert.True(one.TryAcquire() && one.TryAcquire());
        Assert.False(one.TryAcquire());
        Assert.Same(one, one.Exhausted);
        Assert.False(other.IsFull);
        Assert.True(other.TryAcquire());
        Assert.False(other.TryAcquire());
        Assert.Same(process, other.Exhausted);
        Assert.Equal((2, 1, 3), (one.Used, other.Used, process.Used));
        one.Release();
        Assert.True(other.TryAcquire());
    }

    [Fact]
    public async Task WhenNotFullAsync_SlotOfTheProcessIsReleased_IsTold()
    {
        var process = new ConnectionSlots(1);
        var one = new ConnectionSlots(1, process);
        var other = new ConnectionSlots(1, process);
        Assert.True(one.TryAcquire());
        Task waiting = other.WhenNotFullAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        one.Release();

        await waiting.Done();
        Assert.True(other.TryAcquire());
    }

    [Fact]
    public async Task Limit_Changes_AppliesToTheNextSlotAndTellsThoseWhoWait()
    {
        var slots = new ConnectionSlots(2);
        Assert.True(slots.TryAcquire() && slots.TryAcquire());
        slots.Limit = 1;
        slots.Release();
        Assert.False(slots.TryAcquire());
        Assert.Equal(1, slots.Used);
        Task waiting = slots.WhenNotFullAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        slots.Limit = 2;

        await waiting.Done();
        Assert.True(slots.TryAcquire());
        Assert.False(slots.TryAcquire());
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
