using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

public class CheckLimitTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private readonly BackendPool _pool = new(["10.0.0.1:80"]);
    private readonly BackendHealth _health;

    public CheckLimitTests() => _health = new BackendHealth(
        _pool.GetAllBackends()[0],
        new HealthTracker(new(new HealthCheckOptions())),
        new OutlierTracker(new(new PassiveHealthOptions()), new FakeTimeProvider()),
        new(new HealthCheckOptions()));

    [Fact]
    public void For_UsualTimeUnknown_IsTheTimeout() => AssertIsTheTimeout(CheckLimit.For(_timeout, fall: 3, _health));

    [Theory]
    [InlineData(2000, 0, 500)]
    [InlineData(2000, 1, 500)]
    [InlineData(2000, 50, 500)]
    [InlineData(2000, 60, 600)]
    [InlineData(2000, 199, 1990)]
    [InlineData(10_000, 1, 2500)]
    [InlineData(1000, 1, 250)]
    [InlineData(600, 1, 250)]
    public void For_HealthyBackend_IsTenTimesItsUsualTimeWithinBounds(int timeout, int usual, int expected)
    {
        _health.UsualCheckTime.Record(TimeSpan.FromMilliseconds(usual));

        var limit = CheckLimit.For(TimeSpan.FromMilliseconds(timeout), fall: 2, _health);

        Assert.Equal(TimeSpan.FromMilliseconds(expected), limit.Time);
        Assert.Equal(TimeSpan.FromMilliseconds(timeout), limit.Timeout);
        Assert.True(limit.IsShort);
    }

    [Theory]
    [InlineData(2000, 200)]
    [InlineData(2000, 5000)]
    [InlineData(250, 1)]
    [InlineData(60, 1)]
    public void For_HealthyBackendThatIsSlowOrHasAShortTimeout_IsTheTimeout(int timeout, int usual)
    {
        _health.UsualCheckTime.Record(TimeSpan.FromMilliseconds(usual));
        AssertIsTheTimeout(CheckLimit.For(TimeSpan.FromMilliseconds(timeout), fall: 3, _health));
    }

    [Fact]
    public void For_OneFailedCheckIsEnough_IsTheTimeout()
    {
        _health.UsualCheckTime.Record(TimeSpan.FromMilliseconds(1));
        AssertIsTheTimeout(CheckLimit.For(_timeout, fall: 1, _health));
    }

    [Fact]
    public void For_UnhealthyBackend_IsTheTimeout()
    {
        _health.UsualCheckTime.Record(TimeSpan.FromMilliseconds(1));
        _pool.MarkUnhealthy("10.0.0.1:80");
        AssertIsTheTimeout(CheckLimit.For(_timeout, fall: 3, _health));
    }

    [Theory]
    [InlineData(0.01, "timed out after 500ms, usually answered in 0.1ms")]
    [InlineData(3.21, "timed out after 500ms, usually answered in 3.2ms")]
    public void Exceeded_NoResultYet_TellsTheLimitAndTheUsualTime(double usual, string expected)
    {
        _health.UsualCheckTime.Record(TimeSpan.FromMilliseconds(usual));
        var limit = CheckLimit.For(_timeout, fall: 3, _health);
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, expected), limit.Exceeded(null));
    }

    [Fact]
    public void Exceeded_ResultOfTheProbe_KeepsItsText()
    {
        _health.UsualCheckTime.Record(TimeSpan.FromMilliseconds(2));
        var limit = CheckLimit.For(_timeout, fall: 3, _health);
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, "GET /: timed out after 500ms, usually answered in 2ms", "a hint"),
            limit.Exceeded(new ProbeResult(ProbeOutcome.Unhealthy, "GET /: timed out after 500ms", "a hint")));
    }

    [Theory]
    [InlineData(null, 20, 20)]
    [InlineData(null, 900, 50)] // the first check
    [InlineData(1, 20, 20)]
    [InlineData(1, 1000, 500)] // a lost packet that was retransmitted
    [InlineData(90, 1000, 900)]
    [InlineData(200, 1900, 1900)]
    public void Sample_Check_CountsAtMostItsLimit(int? usual, int duration, int expected) => Assert.Equal(
        TimeSpan.FromMilliseconds(expected),
        CheckLimit.Sample(
            TimeSpan.FromMilliseconds(duration),
            _timeout,
            usual is { } known ? TimeSpan.FromMilliseconds(known) : null));

    private static void AssertIsTheTimeout(CheckLimit limit)
    {
        Assert.Equal(limit.Timeout, limit.Time);
        Assert.False(limit.IsShort);
    }
}
