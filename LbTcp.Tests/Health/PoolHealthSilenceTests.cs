using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

/// <summary>Backends that accept connections and answer nobody.</summary>
public sealed class PoolHealthSilenceTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(500);
    private static readonly ProbeResult _connects = new(ProbeOutcome.Healthy, "connected");
    private static readonly ProbeResult _answers = new(ProbeOutcome.Healthy, "GET /health answered 200", IsAnswer: true);
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");

    private readonly FakeTimeProvider _time = new();
    private readonly LogRecorder<PoolHealth> _logger = new();
    private readonly CurrentOptions<PassiveHealthOptions> _options = new(new PassiveHealthOptions());
    private readonly PoolHealth _health;
    private readonly Backend _backend;

    public PoolHealthSilenceTests()
    {
        BackendPool pool = Pools.OfSize(4);
        _health = new PoolHealth(pool, new(new HealthCheckOptions { Kind = CheckKind.Http }), _options, _time, _logger);
        _backend = pool.GetAllBackends()[0];
    }

    private BackendHealth Record => _health.RecordOf(_backend);

    [Fact]
    public void SentNothing_ThreeInARow_EjectsAndLogsIt()
    {
        Silence(2);
        Assert.True(_backend.IsHealthy);
        Silence(1);

        Assert.False(_backend.IsHealthy);
        LogRecord record = Assert.Single(_logger.Of(EventIds.BackendDown));
        Assert.Equal("no answer in 500ms to what a client sent, ejected for 10s", record["Reason"]);
        Assert.Equal(3, record["Failures"]);
    }

    // The system of a program that hangs accepts connections.
    [Fact]
    public void SentNothing_ConnectionsAreEstablishedInBetween_Ejects()
    {
        for (int i = 0; i < 3; i++)
        {
            Silence(1);
            _health.Reached(_backend);
        }

        Assert.False(_backend.IsHealthy);
    }

    [Fact]
    public void Answered_InBetween_StartsOver()
    {
        for (int i = 0; i < 10; i++)
        {
            Silence(2);
            _health.Answered(_backend);
        }

        Assert.True(_backend.IsHealthy);
    }

    [Fact]
    public void SentNothing_FailedDialsAsWell_AreCountedApart()
    {
        Silence(2);
        _health.Failed(_backend, SocketError.ConnectionRefused);
        _health.Failed(_backend, SocketError.ConnectionRefused);
        _health.Decide();

        Assert.True(_backend.IsHealthy);
    }

    [Fact]
    public void SentNothing_Once_RequestsACheck()
    {
        Silence(1);

        Assert.True(Record.TakeProbeRequest());
    }

    [Fact]
    public void RecordCheck_EjectedAndTheSystemConnects_StaysEjectedUntilTheTimeIsUp()
    {
        Silence(3);
        Check(_connects, times: 5);
        Assert.False(_backend.IsHealthy);

        PassEjection();

        Assert.True(_backend.IsHealthy);
        Assert.Equal("the ejection is over", Assert.Single(_logger.Of(EventIds.BackendUp))["Reason"]);
    }

    [Fact]
    public void RecordCheck_EjectedAndTheProgramAnswers_ReturnsAtOnce()
    {
        Silence(3);

        Check(_answers);

        Assert.True(_backend.IsHealthy);
        Assert.Equal(0, Record.Traffic.Silences);
        Assert.False(_health.IsOnTrial(_backend));
    }

    [Fact]
    public void RecordCheck_AnsweredProbeBeganBeforeTheSilence_IsNoEvidence()
    {
        long begun = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        Silence(3);

        _ = _health.RecordCheck(Record, _answers, begun);
        _health.Decide();

        Assert.False(_backend.IsHealthy);
        Assert.Equal(3, Record.Traffic.Silences);
    }

    [Fact]
    public void RecordCheck_EjectedForFailedDials_ReturnsByTheSystemAsBefore()
    {
        for (int i = 0; i < 3; i++)
            _health.Failed(_backend, SocketError.ConnectionRefused);
        _health.Decide();
        Assert.False(_backend.IsHealthy);

        Check(_connects);

        Assert.True(_backend.IsHealthy);
    }

    [Fact]
    public void RecordCheck_EjectedAndChecksFail_IsUnhealthyByItsChecks()
    {
        Silence(3);
        Check(_fails, times: 3);
        Assert.False(Record.IsEjected);

        Check(_connects, times: 2);

        Assert.True(_backend.IsHealthy);
        Assert.True(_health.IsOnTrial(_backend)); // still, nobody has had an answer
    }

    [Fact]
    public void RecordCheck_SuccessOfTheSystemBetweenFailures_StartsTheirCountOver()
    {
        Silence(3);
        for (int i = 0; i < 5; i++)
        {
            Check(_fails, times: 2);
            Check(_connects);
        }

        Assert.True(Record.IsEjected);
    }

    [Fact]
    public void SentNothing_AfterAnEjection_OneEjectsAgainForTwiceAsLong()
    {
        Silence(3);
        PassEjection();
        Assert.Equal((true, 1), (_health.IsOnTrial(_backend), _health.SilencesLeft(_backend)));

        Silence(1);

        Assert.False(_backend.IsHealthy);
        Assert.EndsWith("ejected for 20s", (string)_logger.Of(EventIds.BackendDown)[^1]["Reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Answered_AfterAnEjection_EndsTheTrial()
    {
        Silence(3);
        PassEjection();

        _health.Answered(_backend);

        Assert.Equal((false, 3), (_health.IsOnTrial(_backend), _health.SilencesLeft(_backend)));
        Silence(2);
        Assert.True(_backend.IsHealthy);
    }

    [Fact]
    public void SentNothing_EjectionsAreOff_NeverEjects()
    {
        _options.Replace(new PassiveHealthOptions { Fall = 0 });

        Assert.Equal(3, _health.SilencesLeft(_backend));
        Silence(10);

        Assert.True(_backend.IsHealthy);
    }

    [Fact]
    public void SentNothing_MostBackendsAreSilent_HalfStayInUse()
    {
        foreach (BackendHealth record in _health.Backends)
        {
            for (int i = 0; i < 3; i++)
                _health.SentNothing(record.Backend, _limit);
        }

        _health.Decide();

        Assert.Equal(2, _health.Backends.Count(record => record.Backend.IsHealthy));
    }

    private void Silence(int times)
    {
        for (int i = 0; i < times; i++)
            _health.SentNothing(_backend, _limit);
        _health.Decide();
    }

    private void Check(ProbeResult result, int times = 1)
    {
        for (int i = 0; i < times; i++)
            _ = _health.RecordCheck(Record, result, _time.GetTimestamp());
        _health.Decide();
    }

    private void PassEjection()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        _health.Decide();
    }
}
