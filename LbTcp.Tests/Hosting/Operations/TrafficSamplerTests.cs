using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class TrafficSamplerTests
{
    private static readonly ByteCounts _bytes = new(1_000, 2_000);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-22T14:00:00Z"));
    private readonly BackendPool _pool = Pools.Of("a:1", "b:1");
    private readonly ActiveConnections _connections;
    private readonly ServiceTraffic _traffic;
    private readonly TrafficHistory _process;
    private readonly TrafficSampler _sampler;

    public TrafficSamplerTests()
    {
        _connections = new ActiveConnections(new ConnectionSlots(100), new ConnectionIds(), new(new()), _clock);
        _traffic = new ServiceTraffic(_connections);
        _process = new TrafficHistory(_clock);
        _sampler = new TrafficSampler(_traffic, _connections, _process, _clock);
        _sampler.Sample();
    }

    private Backend A => _pool.Named("a:1");

    [Fact]
    public void Of_NoTrafficYet_IsZero()
    {
        TrafficStatus status = _sampler.Of(A);

        Assert.Equal((0, 0, 0, 0.0), (status.Open, status.Total, status.BytesIn, status.ConnectionsPerSecond));
        Assert.Null(status.ConnectP50);
        Assert.Null(_sampler.OfService().ConnectP99);
    }

    [Fact]
    public void Of_SteadyTraffic_HasRatesAndTotals()
    {
        for (int i = 0; i < 20; i++)
            Second(served: 3);

        TrafficStatus status = _sampler.Of(A);
        Assert.Equal((60, 0, 60_000, 120_000), (status.Total, status.Failed, status.BytesIn, status.BytesOut));
        Assert.Equal((3.0, 0.0), (status.ConnectionsPerSecond, status.FailuresPerSecond));
        Assert.Equal((3_000.0, 6_000.0), (status.BytesInPerSecond, status.BytesOutPerSecond));
        Assert.Equal(0, _sampler.Of(_pool.Named("b:1")).Total);
        TrafficStatus service = _sampler.OfService();
        Assert.Equal((60, 3.0, 3_000.0), (service.Total, service.ConnectionsPerSecond, service.BytesInPerSecond));
    }

    // Bytes are counted once per second and not at each request, which would walk over all open connections.
    [Fact]
    public void OfService_TrafficSinceTheSample_HasTheBytesOfTheSample()
    {
        Second(served: 3);
        _traffic.ClientAccepted();
        _traffic.Of(A).Ended(ConnectionEndReason.Completed, TimeSpan.Zero, _bytes);

        Assert.Equal((4, 3_000), (_sampler.OfService().Total, _sampler.OfService().BytesIn));
        Second(served: 0);
        Assert.Equal((4, 4_000), (_sampler.OfService().Total, _sampler.OfService().BytesIn));
    }

    [Fact]
    public void Of_FirstSecond_HasTheRateOfThatSecond()
    {
        Second(served: 7);

        Assert.Equal((7.0, 7.0), (_sampler.Of(A).ConnectionsPerSecond, _sampler.OfService().ConnectionsPerSecond));
    }

    [Fact]
    public void Of_TrafficStops_RateIsZeroAfterTenSeconds()
    {
        Second(served: 10);
        Seconds(9);
        Assert.Equal(1.0, _sampler.Of(A).ConnectionsPerSecond);

        Seconds(1);

        Assert.Equal((0.0, 10), (_sampler.Of(A).ConnectionsPerSecond, _sampler.Of(A).Total));
    }

    [Fact]
    public void Of_FailedDialsAndConnections_CountsBoth()
    {
        _traffic.DialFailed(A, SocketError.ConnectionRefused, isAbandoned: false);
        _traffic.Of(A).Ended(ConnectionEndReason.BackendReset, TimeSpan.Zero, default);
        Second(served: 0);

        Assert.Equal((2, 2.0), (_sampler.Of(A).Failed, _sampler.Of(A).FailuresPerSecond));
    }

    [Fact]
    public void Of_RemovedBackendReturns_DoesNotCountItsPastAsNew()
    {
        for (int i = 0; i < 5; i++)
            Second(served: 100);
        Backend a = A;
        _ = _pool.Apply("b:1");
        Seconds(3);
        _traffic.Connected(a, TimeSpan.Zero);
        Seconds(1);

        _ = _pool.Apply("b:1", "a:1");
        Seconds(2);

        Assert.Equal((501, 40.1), (_sampler.Of(A).Total, _sampler.Of(A).ConnectionsPerSecond)); // 4 s before, one while removed
        Seconds(10);
        Assert.Equal((501, 0.0), (_sampler.Of(A).Total, _sampler.Of(A).ConnectionsPerSecond));
    }

    [Fact]
    public void Of_ConnectTimesChange_FollowsWithinAMinuteAndKeepsTheLast()
    {
        for (int i = 0; i < 60; i++)
            Second(served: 1, connect: TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(1), _sampler.Of(A).ConnectP99);

        for (int i = 0; i < 75; i++)
            Second(served: 1, connect: TimeSpan.FromSeconds(1));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), (_sampler.Of(A).ConnectP50, _sampler.OfService().ConnectP50));

        Seconds(300);
        Assert.Equal(TimeSpan.FromSeconds(1), _sampler.Of(A).ConnectP50);
    }

    [Fact]
    public void Of_TrafficAfterALongPause_CountsOnlyTheLastTenSeconds()
    {
        Second(served: 10);
        Seconds(100);
        Second(served: 4);
        Second(served: 0);
        Second(served: 2);

        Assert.Equal((16, 0.6), (_sampler.Of(A).Total, _sampler.Of(A).ConnectionsPerSecond));
    }

    [Fact]
    public void OfService_BetweenTwoSamples_HasTheTotalsOfThisMoment()
    {
        _traffic.ClientAccepted();
        _traffic.Connected(A, TimeSpan.Zero);

        Assert.Equal((1, 1), (_sampler.OfService().Total, _sampler.Of(A).Total));
    }

    [Fact]
    public void Sample_ManyBackendsWithoutTraffic_AllocatesForNoneOfThem()
    {
        BackendPool pool = Pools.Of([.. Enumerable.Range(0, 2_000).Select(i => $"a{i}:1")]);
        var sampler = new TrafficSampler(_traffic, _connections, _process, _clock);
        foreach (Backend backend in pool.GetAllBackends())
            _traffic.Connected(backend, TimeSpan.Zero);
        for (int i = 0; i < 20; i++)
            Sample();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            Sample();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * 8_000);

        void Sample()
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            sampler.Sample();
        }
    }

    [Fact]
    public void Read_Traffic_HasAPointPerPeriodThatIsOver()
    {
        for (int i = 0; i < 11; i++)
            Second(served: 2);

        HistoryPoint[] points = [.. _sampler.History.Read()];

        Assert.Equal(2, points.Length);
        Assert.Equal(DateTimeOffset.Parse("2026-11-22T14:00:10Z"), points[^1].Time);
        Assert.Equal((2.0, 2_000.0, 4_000.0), (points[^1].ConnectionsPerSecond, points[^1].BytesInPerSecond, points[^1].BytesOutPerSecond));
        Assert.Equal(TimeSpan.Zero, points[^1].ConnectP50);
    }

    [Fact]
    public void Read_LongTime_KeepsFifteenMinutes()
    {
        Seconds(2_000);

        Assert.Equal(TrafficHistory.Length, _sampler.History.Read().Count);
        Assert.Equal(_clock.GetUtcNow(), _sampler.History.Read()[^1].Time);
    }

    [Fact]
    public void Read_Process_SumsServicesAndKeepsTheOnesThatAreGone()
    {
        var other = new ServiceTraffic(_connections);
        var otherSampler = new TrafficSampler(other, _connections, _process, _clock);
        _ = _connections.TrackAsync(InMemoryConnection.CreatePair().Connection, CancellationToken.None);
        for (int i = 0; i < 4; i++)
        {
            other.ClientAccepted();
            Second(served: 2);
            otherSampler.Sample();
        }

        Seconds(6);

        HistoryPoint[] points = [.. _process.Read()];
        Assert.Equal([12 / 5.0, 0], points.Select(point => point.ConnectionsPerSecond));
        Assert.Equal([2, 1], points.Select(point => point.Open)); // both have the one connection, and the other service is gone
    }

    private void Seconds(int count)
    {
        for (int i = 0; i < count; i++)
            Second(served: 0);
    }

    private void Second(int served, TimeSpan connect = default)
    {
        for (int i = 0; i < served; i++)
        {
            _traffic.ClientAccepted();
            _traffic.Connected(A, connect);
            _traffic.Of(A).Ended(ConnectionEndReason.Completed, TimeSpan.Zero, _bytes);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        _sampler.Sample();
    }
}
