using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

/// <summary>Backends that are ejected for silence while their checks are TCP connections.</summary>
public sealed class PoolHealthAwaitedAnswerTests
{
    private static readonly ProbeResult _connects = new(ProbeOutcome.Healthy, "connected");
    private static readonly ProbeResult _isSilent = new(ProbeOutcome.Unanswered, "connected, no answer to FIN in 2s");
    private static readonly ProbeResult _answers = new(ProbeOutcome.Healthy, "the program answered FIN", IsAnswer: true);
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");

    private readonly FakeTimeProvider _time = new();
    private readonly LogRecorder<PoolHealth> _logger = new();
    private readonly PoolHealth _health;
    private readonly BackendPool _pool = Pools.Of("a:1", "b:1 check=none", "c:1 check_port=2", "d:1", "e:1", "f:1");

    public PoolHealthAwaitedAnswerTests() =>
        _health = new PoolHealth(_pool, new(new HealthCheckOptions()), new(new PassiveHealthOptions()), _time, _logger);

    private BackendHealth Record => _health.RecordOf(_pool.Named("a:1"));

    [Fact]
    public void Decide_EjectionTimeHasPassedWithoutAnAnswer_StaysEjectedUntilTheMaximum()
    {
        Silence("a:1", 3);
        for (int i = 0; i < 29; i++)
        {
            Pass(seconds: 10);
            Check(_isSilent);
            Assert.True(Record.IsEjected);
        }

        Pass(seconds: 10);

        Assert.True(Record.Backend.IsHealthy);
        Assert.True(_health.IsOnTrial(Record.Backend));
        Assert.EndsWith(
            ", ejected until it answers a check, at most for 300s", (string)_logger.Of(EventIds.BackendDown)[0]["Reason"]!,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b:1")] // not checked
    [InlineData("c:1")] // what is checked may be another program
    public void Decide_ProgramIsNotAsked_EndsByTime(string name)
    {
        Silence(name, 3);
        Assert.False(_pool.Named(name).IsHealthy);

        Pass(seconds: 10);

        Assert.True(_pool.Named(name).IsHealthy);
    }

    [Fact]
    public void RecordCheck_ProgramAnswers_ReturnsAtOnceOnTrial()
    {
        Silence("a:1", 3);
        Check(_connects);
        Assert.True(Record.IsEjected);

        Check(_answers);

        Assert.True(Record.Backend.IsHealthy);
        Assert.True(_health.IsOnTrial(Record.Backend));
    }

    // The program accepts and closes, but serves nobody.
    [Fact]
    public void RecordCheck_EjectedAgainSoon_ReturnsWithAnAnswerAfterItsTime()
    {
        Silence("a:1", 3);
        Check(_answers);
        Silence("a:1", 1);
        Assert.True(Record.IsEjected);
        Check(_answers);
        Assert.True(Record.IsEjected);

        Pass(seconds: 20);
        Assert.True(Record.IsEjected);
        Check(_answers);

        Assert.True(Record.Backend.IsHealthy);
    }

    [Fact]
    public void RecordCheck_UnansweredBetweenFailures_StartsTheirCountOver()
    {
        Silence("a:1", 3);
        for (int i = 0; i < 5; i++)
        {
            Check(_fails);
            Check(_fails);
            Check(_isSilent);
        }

        Assert.True(Record.IsEjected);
    }

    private void Silence(string name, int times)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < times; i++)
            _health.SentNothing(_pool.Named(name), TimeSpan.FromMilliseconds(500));
        _health.Decide();
    }

    private void Check(ProbeResult result)
    {
        _ = _health.RecordCheck(Record, result, _time.GetTimestamp());
        _health.Decide();
    }

    private void Pass(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _health.Decide();
    }
}
