using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>The counts of connections that a handler serves.</summary>
public sealed class ServiceTrafficTests
{
    [Fact]
    public async Task Ended_RequestAndAnswer_CountsTheConnectionItsBytesAndItsTimes()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await client.Output.WriteAsync(new byte[5]);
        await backend.Output.WriteAsync(new byte[4]);
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        ServiceTraffic traffic = fixture.Traffic;
        TrafficCounts counts = traffic.Of(Backend(fixture, 1)).Read();
        Assert.Equal((1, 0), (traffic.Accepted, traffic.Failed));
        Assert.Equal(1, Assert.Single(counts.Ended, count => count > 0));
        Assert.Equal(1, counts.Ended[(int)ConnectionEndReason.Completed]);
        Assert.Equal([1L, 0, 0, 0, 0, 0], counts.Attempts);
        Assert.Equal((1, 1, 2.0), (counts.Connect.Count, counts.Duration.Count, counts.Duration.Seconds.Sum()));
        Assert.Equal(1, traffic.ReadConnect().Count);
        Assert.Equal(new ByteCounts(5, 4), traffic.ReadBytes());
        Assert.Equal(new TrafficTotals(1, 0, new ByteCounts(5, 4)), traffic.Of(Backend(fixture, 1)).ReadTotals());
        Assert.All(traffic.ReadEndedWithoutBackend(), count => Assert.Equal(0, count));
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, AttemptOutcome.Refused)]
    [InlineData(SocketError.TimedOut, AttemptOutcome.TimedOut)]
    [InlineData(SocketError.HostUnreachable, AttemptOutcome.Failed)]
    [InlineData(SocketError.AddressNotAvailable, AttemptOutcome.LocalFault)]
    internal async Task DialFailed_Error_CountsItByItsCauseAndTheRetryApart(SocketError error, AttemptOutcome outcome)
    {
        var fixture = new HandlerFixture();
        fixture.Fails(1, error);
        (_, InMemoryConnection backend) = fixture.Serves(2);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        ServiceTraffic traffic = fixture.Traffic;
        Assert.Equal(1, traffic.Of(Backend(fixture, 1)).Read().Attempts[(int)outcome]);
        Assert.Equal(new TrafficTotals(1, 1, default), traffic.Of(Backend(fixture, 1)).ReadTotals());
        Assert.Equal(new TrafficTotals(1, 0, default), traffic.Of(Backend(fixture, 2)).ReadTotals());
        Assert.Equal((0, new TrafficTotals(1, 1, default)), (traffic.Failed, traffic.ReadTotals()));
    }

    [Fact]
    public async Task DialFailed_EndedFromOutside_IsAbandonedAndNoFailure()
    {
        var fixture = new HandlerFixture();
        fixture.Hangs(1);
        (_, Task handling) = fixture.Connect();

        _ = fixture.Connections.EndAll(ConnectionEndReason.AdminClosed);
        await handling.Done();

        Assert.Equal([0L, 0, 0, 0, 0, 1], fixture.Traffic.Of(Backend(fixture, 1)).Read().Attempts);
        Assert.Equal(1, fixture.Traffic.ReadEndedWithoutBackend()[(int)ConnectionEndReason.AdminClosed]);
        Assert.Equal(new TrafficTotals(1, 0, default), fixture.Traffic.ReadTotals());
        Assert.Equal((ConnectionEndReason.AdminClosed, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
    }

    [Fact]
    public async Task Ended_NoBackend_CountsItByReasonAsFailed()
    {
        var fixture = new HandlerFixture();
        fixture.MarkAllDown();
        (_, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.Equal(1, fixture.Traffic.ReadEndedWithoutBackend()[(int)ConnectionEndReason.NoBackendAvailable]);
        Assert.Equal((1, 1), (fixture.Traffic.Accepted, fixture.Traffic.Failed));
        Assert.Null(fixture.Traffic.Find(Backend(fixture, 1)));
    }

    [Fact]
    public async Task Ended_WasQueued_CountsTheWait()
    {
        var fixture = new HandlerFixture(backends: ["10.0.0.1:80 max_connections=1"]);
        _ = fixture.Serves(1);
        BackendLease held = Backend(fixture, 1).TryAcquire()!;
        (InMemoryConnection client, Task handling) = fixture.Connect();
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        fixture.Queue.Release(held);
        await Until.TrueAsync(() => fixture.Traffic.ReadConnect().Count == 1, "the client is connected");

        client.Abort();
        await handling.Done();

        HistogramCounts waits = fixture.Traffic.ReadQueueWait();
        Assert.Equal((1, 2.0), (waits.Count, waits.Seconds.Sum()));
    }

    [Fact]
    public async Task ReadBytes_OpenConnection_CountsWhatItHasMovedAndNothingTwice()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.WriteAsync(new byte[5]);
        Assert.Equal(5, (await backend.Input.ReadAsync()).Buffer.Length);

        await Until.TrueAsync(() => fixture.Traffic.ReadBytes() == new ByteCounts(5, 0), "the bytes are counted");
        Assert.Equal(new ByteCounts(5, 0), fixture.Traffic.ReadBytes());
        Assert.Equal(new ByteCounts(5, 0), fixture.Traffic.Of(Backend(fixture, 1)).ReadTotals().Bytes);

        await backend.Output.WriteAsync(new byte[7]);
        await backend.Output.CompleteAsync();
        await client.Output.CompleteAsync();
        await handling.Done();
        Assert.Equal(new ByteCounts(5, 7), fixture.Traffic.ReadBytes());
    }

    // A connection that was untracked and is not counted yet is missing from both sums.
    [Fact]
    public void ReadBytes_ConnectionEndsBetweenTheSums_NeverGoesDown()
    {
        var traffic = new BackendTraffic(new ActiveTraffic());
        traffic.BeginRead();
        traffic.AddOpen(new ByteCounts(10, 20));
        Assert.Equal(new ByteCounts(10, 20), traffic.EndRead());

        traffic.BeginRead();
        Assert.Equal(default, traffic.EndRead());
        Assert.Equal(new ByteCounts(10, 20), traffic.ReadTotals().Bytes);

        traffic.Ended(ConnectionEndReason.Completed, TimeSpan.Zero, new ByteCounts(11, 20));
        traffic.BeginRead();
        Assert.Equal(new ByteCounts(1, 0), traffic.EndRead());
    }

    [Fact]
    public void VisitActive_BackendWithoutEvents_IsVisitedUntilItsCountsAreKnownAndAfterTheNextEvent()
    {
        var fixture = new HandlerFixture();
        ServiceTraffic traffic = fixture.Traffic;
        BackendTraffic backend = traffic.Of(Backend(fixture, 1));
        Assert.Empty(Visited(traffic));

        backend.Ended(ConnectionEndReason.Completed, TimeSpan.Zero, new ByteCounts(1, 0));
        Assert.Equal([backend], Visited(traffic));
        Assert.Equal([backend], Visited(traffic)); // no change: it pauses
        Assert.Empty(Visited(traffic));

        backend.Ended(ConnectionEndReason.Completed, TimeSpan.Zero, new ByteCounts(1, 0));
        Assert.Equal([backend], Visited(traffic));
        Assert.Equal(new ByteCounts(2, 0), backend.ReadTotals().Bytes);
    }

    [Fact]
    public async Task VisitActive_OpenConnection_IsVisitedAsItsBytesMayMove()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.WriteAsync(new byte[5]);
        Assert.Equal(5, (await backend.Input.ReadAsync()).Buffer.Length);

        for (int i = 0; i < 5; i++)
            Assert.Single(Visited(fixture.Traffic));

        client.Abort();
        await handling.Done();
        Assert.Single(Visited(fixture.Traffic));
    }

    // The bytes of a backend that becomes active during the walk over the open connections would be counted by both of the sums.
    [Fact]
    public void AddOpen_NotBegun_CountsNothing()
    {
        var traffic = new BackendTraffic(new ActiveTraffic());
        traffic.AddOpen(new ByteCounts(10, 20));
        Assert.Equal(default, traffic.EndRead());
    }

    [Fact]
    public async Task VisitActive_EventsOfManyThreads_MissesNone()
    {
        var fixture = new HandlerFixture();
        BackendTraffic backend = fixture.Traffic.Of(Backend(fixture, 1));
        long seen = 0;
        Task events = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
                backend.Connected(TimeSpan.Zero);
        })));
        while (!events.IsCompleted)
            Visit();
        await events;
        Visit();

        Assert.Equal(80_000, seen);

        void Visit() => fixture.Traffic.VisitActive(visited => seen = visited.ReadTotals().Connections, readsBytes: true);
    }

    [Fact]
    public void Of_RemovedBackendReturns_ContinuesItsCounts()
    {
        var fixture = new HandlerFixture(new ForwardingOptions());
        fixture.Traffic.Connected(Backend(fixture, 1), TimeSpan.Zero);

        _ = fixture.Pool.Apply("10.0.0.2:80");
        _ = fixture.Pool.Apply("10.0.0.2:80", "10.0.0.1:80 weight=2");

        Assert.Equal(1, fixture.Traffic.Find(fixture.Pool.Named("10.0.0.1:80"))?.ReadTotals().Connections);
    }

    [Fact]
    public async Task Connected_ManyThreads_LosesNothing()
    {
        var fixture = new HandlerFixture();
        Backend backend = Backend(fixture, 1);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
                fixture.Traffic.Connected(backend, TimeSpan.FromTicks(1));
        })));

        Assert.Equal((80_000, 80_000), (fixture.Traffic.Of(backend).ReadTotals().Connections, fixture.Traffic.ReadConnect().Count));
    }

    private static List<BackendTraffic> Visited(ServiceTraffic traffic)
    {
        List<BackendTraffic> visited = [];
        traffic.VisitActive(visited.Add, readsBytes: true);
        return visited;
    }

    private static Backend Backend(HandlerFixture fixture, int number) => fixture.Pool.GetAllBackends()[number - 1];
}
