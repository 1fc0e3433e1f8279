using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class OutageTrackerTests
{
    private readonly BackendPool _pool = new(["10.0.0.1:80", "10.0.0.2:80"]);
    private readonly FakeTimeProvider _clock = new();
    private readonly LogRecorder<OutageTracker> _logger = new();

    [Fact]
    public void Changed_LastBackendGoesDownAndOneReturns_SaysEachOnceWithTheLength()
    {
        Watch(WhenAllDown.Reset);

        _ = _pool.MarkUnhealthy("10.0.0.1:80");
        Assert.Empty(_logger.Records);
        _ = _pool.MarkUnhealthy("10.0.0.2:80");
        _clock.Advance(TimeSpan.FromSeconds(12));
        _ = _pool.MarkHealthy("10.0.0.1:80");
        _ = _pool.MarkHealthy("10.0.0.2:80");

        Assert.Equal(
            [(EventIds.AllBackendsDown, LogLevel.Error), (EventIds.AllBackendsDownEnded, LogLevel.Information)],
            _logger.Records.Select(record => (record.EventId, record.Level)));
        Assert.Equal("a reset", _logger.Records[0]["ClientsGet"]);
        Assert.Equal(TimeSpan.FromSeconds(12), _logger.Records[1]["Lasted"]);
    }

    [Fact]
    public void Changed_OnlyOnesWithoutWeightAreLeft_SaysSo()
    {
        BackendPool pool = Pools.Of("a:1", "b:1 weight=0");
        _ = new OutageTracker(pool, new(new ForwardingOptions()), _clock, _logger);

        _ = pool.MarkUnhealthy("a:1");

        Assert.Equal(EventIds.AllBackendsDown, Assert.Single(_logger.Records).EventId);
    }

    [Theory]
    [InlineData(WhenAllDown.Reset, "a reset")]
    [InlineData(WhenAllDown.Close, "an orderly close")]
    [InlineData(WhenAllDown.TryAny, "a try at any backend")]
    internal void Changed_AllDown_SaysWhatClientsGet(WhenAllDown whenAllDown, string expected)
    {
        Watch(whenAllDown);

        _ = _pool.MarkUnhealthy("10.0.0.1:80");
        _ = _pool.MarkUnhealthy("10.0.0.2:80");

        Assert.Equal(expected, Assert.Single(_logger.Records)["ClientsGet"]);
    }

    [Fact]
    public void Changed_GroupOfAServerNameGoesDownAndReturns_NamesIt()
    {
        BackendPool pool = Pools.Of("a:1 server_name=x.example/*.x.example", "b:1 server_name=y.example", "c:1 server_name=z.example");
        _ = new OutageTracker(pool, new(new ForwardingOptions()), _clock, _logger);

        _ = pool.MarkUnhealthy("a:1");
        _clock.Advance(TimeSpan.FromSeconds(12));
        _ = pool.MarkUnhealthy("b:1");
        _ = pool.MarkHealthy("a:1");
        _ = pool.Apply("a:1 server_name=x.example/*.x.example", "c:1 server_name=z.example"); // ends the outage of a name that is gone
        _ = pool.Apply("a:1 server_name=x.example/*.x.example", "c:1 server_name=z.example", "b:1 server_name=y.example");

        Assert.Equal(
            [
                (EventIds.ServerNameDown, "*.x.example/x.example"),
                (EventIds.ServerNameDown, "y.example"),
                (EventIds.ServerNameDownEnded, "*.x.example/x.example"),
                (EventIds.ServerNameDown, "y.example"),
            ],
            _logger.Records.Select(record => (record.EventId, record["ServerName"])));
        Assert.Equal(TimeSpan.FromSeconds(12), _logger.Records[2]["Lasted"]);
    }

    private void Watch(WhenAllDown whenAllDown) =>
        _ = new OutageTracker(_pool, new(new ForwardingOptions { WhenAllDown = whenAllDown }), _clock, _logger);
}
