using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

public sealed class PoolHealthTests
{
    private static readonly ProbeResult _works = new(ProbeOutcome.Healthy, "connected");
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");
    private static readonly ProbeResult _isUnclear = new(ProbeOutcome.Inconclusive, "out of file descriptors");

    private readonly FakeTimeProvider _time = new();
    private readonly LogRecorder<PoolHealth> _logger = new();

    [Fact]
    public void Failed_ThreeInARow_EjectsAndLogsIt()
    {
        PoolHealth tracker = Tracker(4);

        Fail(tracker, 0, times: 2);
        Assert.Equal([true, true, true, true], Health(tracker));
        Fail(tracker, 0, times: 5);

        Assert.Equal([false, true, true, true], Health(tracker));
        LogRecord record = Assert.Single(_logger.Records);
        Assert.Equal((EventIds.BackendDown, LogLevel.Warning), (record.EventId, record.Level));
        Assert.Equal("connection refused for clients, ejected for 10s", record["Reason"]);
        Assert.Equal((3, 3, 4), (record["Failures"], record["Healthy"], record["Total"]));
    }

    [Fact]
    public void Unanswered_ThreeInARow_EjectsAndSaysWhatWasNotAnswered()
    {
        PoolHealth tracker = Tracker(4);

        for (int i = 0; i < 3; i++)
            tracker.Unanswered(tracker.Backends[0].Backend, TimeSpan.FromMilliseconds(250));
        tracker.Decide();

        Assert.Equal(
            "no answer in 250ms to connection attempts of clients, another backend answered sooner, ejected for 10s",
            Assert.Single(_logger.Records)["Reason"]);
    }

    [Theory]
    [InlineData(BackendIntent.Ready, 0)]
    [InlineData(BackendIntent.Drain, 1)]
    internal void Failed_TheOthersTakeNoConnections_DoesNotEjectTheLastThatDoes(BackendIntent intent, int weight)
    {
        BackendPool pool = Pools.OfSize(2);
        PoolHealth tracker = Tracker(pool);
        _ = pool.SetIntent(pool.GetAllBackends()[1], intent);
        _ = pool.OverrideWeight(pool.GetAllBackends()[1], weight);

        Fail(tracker, 0, times: 5);

        Assert.Equal([true, true], Health(tracker));
    }

    [Fact]
    public void Failed_SuccessInBetween_DoesNotEject()
    {
        PoolHealth tracker = Tracker(4);

        for (int i = 0; i < 10; i++)
        {
            Fail(tracker, 0, times: 2);
            tracker.Reached(tracker.Backends[0].Backend);
        }

        Assert.Equal([true, true, true, true], Health(tracker));
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.AddressNotAvailable)]
    [InlineData(SocketError.OperationAborted)]
    [InlineData(SocketError.HostNotFound)]
    [InlineData(SocketError.TryAgain)]
    public void Failed_NotTheBackendsFault_IsNoEvidence(SocketError error)
    {
        PoolHealth tracker = Tracker(4);

        Fail(tracker, 0, times: 10, error);

        Assert.Equal([true, true, true, true], Health(tracker));
        Assert.False(tracker.Backends[0].TakeProbeRequest());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    [InlineData(10, 5)]
    public void Failed_AllBackends_EjectsHalfOfThemAtMost(int backends, int expectedEjections)
    {
        PoolHealth tracker = Tracker(backends);

        for (int i = 0; i < backends; i++)
            Fail(tracker, i, times: 10);

        Assert.Equal(expectedEjections, Health(tracker).Count(isHealthy => !isHealthy));
    }

    [Fact]
    public void Failed_TheLastHealthyBackend_StaysIn()
    {
        PoolHealth tracker = Tracker(4);
        for (int i = 1; i < 4; i++)
            Check(tracker, i, _fails, times: 3);

        Fail(tracker, 0, times: 10);

        Assert.Equal([true, false, false, false], Health(tracker));
    }

    [Fact]
    public void Decide_TimeHasPassed_ReturnsItAndLogsIt()
    {
        PoolHealth tracker = Tracker(4);
        Fail(tracker, 0, times: 3);

        _time.Advance(TimeSpan.FromSeconds(9.9));
        tracker.Decide();
        Assert.False(Health(tracker)[0]);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        tracker.Decide();

        Assert.True(Health(tracker)[0]);
        Assert.Equal("the ejection is over", Assert.Single(_logger.Of(EventIds.BackendUp))["Reason"]);
    }

    [Fact]
    public void RecordCheck_EjectedAndWorks_BringsItBackAtOnce()
    {
        PoolHealth tracker = Tracker(4);
        Fail(tracker, 0, times: 3);

        Check(tracker, 0, _works);

        Assert.True(Health(tracker)[0]);
        Assert.Equal(("connected", 1), (_logger.Of(EventIds.BackendUp)[0]["Reason"], _logger.Of(EventIds.BackendUp)[0]["Successes"]));
    }

    [Fact]
    public void RecordCheck_EjectedAndFailsToo_StaysDownWhenTheEjectionWouldBeOver()
    {
        PoolHealth tracker = Tracker(4);
        Fail(tracker, 0, times: 3);
        Check(tracker, 0, _fails, times: 3);

        _time.Advance(TimeSpan.FromMinutes(10));
        tracker.Decide();
        Assert.False(Health(tracker)[0]);
        Check(tracker, 0, _works);
        Assert.False(Health(tracker)[0]);
        Check(tracker, 0, _works);

        Assert.True(Health(tracker)[0]);
    }

    [Fact]
    public void RecordCheck_TheOthersGoDown_EjectedOnesReturn()
    {
        PoolHealth tracker = Tracker(2);
        Fail(tracker, 0, times: 3);

        Check(tracker, 1, _fails, times: 3);

        Assert.Equal([true, false], Health(tracker));
        Assert.Equal("no other backend is healthy", Assert.Single(_logger.Of(EventIds.BackendUp))["Reason"]);
    }

    [Fact]
    public void RecordCheck_Ejected_IsBetweenStates()
    {
        PoolHealth tracker = Tracker(4);
        Fail(tracker, 0, times: 3);

        Assert.True(tracker.RecordCheck(tracker.Backends[0], _isUnclear, _time.GetTimestamp()));
        Assert.False(tracker.RecordCheck(tracker.Backends[0], _works, _time.GetTimestamp()));
    }

    [Fact]
    public void MarkHealthy_EjectedBackend_EndsTheEjection()
    {
        BackendPool pool = Pool(4);
        PoolHealth tracker = Tracker(pool);
        Fail(tracker, 0, times: 3);

        _ = pool.MarkHealthy(pool.GetAllBackends()[0].Url);
        _time.Advance(TimeSpan.FromMinutes(1));
        tracker.Decide();

        Assert.Equal([true, true, true, true], Health(tracker));
        Assert.Empty(_logger.Of(EventIds.BackendUp));
    }

    [Fact]
    public void Failed_Refused_RequestsACheckOnce()
    {
        PoolHealth tracker = Tracker(2);

        Fail(tracker, 0, times: 1);

        Assert.True(tracker.Backends[0].TakeProbeRequest());
        Assert.False(tracker.Backends[0].TakeProbeRequest());
        Assert.False(tracker.Backends[1].TakeProbeRequest());
    }

    private static BackendPool Pool(int count) => new(Enumerable.Range(0, count).Select(i => $"10.0.0.{i + 1}:80"));

    private PoolHealth Tracker(int count) => Tracker(Pool(count));

    private PoolHealth Tracker(BackendPool pool) =>
        new(pool, new(new HealthCheckOptions()), new(new PassiveHealthOptions()), _time, _logger);

    private static bool[] Health(PoolHealth tracker) => [.. tracker.Backends.Select(backend => backend.Backend.IsHealthy)];

    private static void Fail(PoolHealth tracker, int backend, int times, SocketError error = SocketError.ConnectionRefused)
    {
        for (int i = 0; i < times; i++)
            tracker.Failed(tracker.Backends[backend].Backend, error);
        tracker.Decide();
    }

    private void Check(PoolHealth tracker, int backend, ProbeResult result, int times = 1)
    {
        for (int i = 0; i < times; i++)
            _ = tracker.RecordCheck(tracker.Backends[backend], result, _time.GetTimestamp());
        tracker.Decide();
    }
}
