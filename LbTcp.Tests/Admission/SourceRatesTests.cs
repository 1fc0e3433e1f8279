using System.Buffers.Binary;
using System.Net;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Admission;

public sealed class SourceRatesTests
{
    private const int Part = 1 << 15;

    private readonly JumpingClock _clock = new();
    private readonly SourceRates _rates = new();
    private readonly ArrivalLimit _limit;

    public SourceRatesTests() => _limit = ArrivalLimit.Of(new EventRate(2, TimeSpan.FromHours(1)), burst: 2, _clock)!;

    [Fact]
    public void TryTake_TwoSources_HaveEachTheirOwn()
    {
        Assert.True(TryTake("192.0.2.1"));
        Assert.True(TryTake("192.0.2.1"));
        Assert.False(TryTake("192.0.2.1"));

        Assert.True(TryTake("192.0.2.2"));
    }

    [Fact]
    public void GiveBack_AfterAnAdmission_IsAsIfItHadNotCome()
    {
        Assert.True(TryTake("192.0.2.1"));
        Assert.True(TryTake("192.0.2.1"));

        _rates.GiveBack(Source("192.0.2.1"), _limit);

        Assert.True(TryTake("192.0.2.1"));
        Assert.False(TryTake("192.0.2.1"));
    }

    // Four times as many sources as there are places: those are forgotten that have used least.
    [Fact]
    public void TryTake_AddressFlood_TakesNoMoreMemoryAndForgetsNoOffender()
    {
        Assert.True(TryTake("192.0.2.1"));
        Assert.True(TryTake("192.0.2.1"));

        long allocated = 0;
        for (int first = 0; first < 4 * SourceRates.Capacity; first += Part)
        {
            SourceKey[] sources = [.. Enumerable.Range(first, Part).Select(NetworkNumber)];
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (SourceKey source in sources)
                Assert.True(_rates.TryTake(source, _limit, _clock.GetTimestamp(), out _));
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.InRange(allocated, 0, 1_000_000); // the runtime's own, and nothing per source
        Assert.False(TryTake("192.0.2.1"));
    }

    [Fact]
    public void Constructor_AllPlaces_TakeLessThanTheLimitOfAFlood()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        _ = new SourceRates();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 16_000_000);
    }

    private static SourceKey NetworkNumber(int number)
    {
        Span<byte> address = stackalloc byte[16];
        address[0] = 0x20;
        BinaryPrimitives.WriteInt32BigEndian(address[4..], number);
        return SourceKey.Of(new IPAddress(address), 64);
    }

    private static SourceKey Source(string address) => SourceKey.Of(IPAddress.Parse(address), 64);

    private bool TryTake(string address) => _rates.TryTake(Source(address), _limit, _clock.GetTimestamp(), out _);
}
