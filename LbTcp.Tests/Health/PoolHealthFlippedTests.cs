using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

/// <summary>What an observer is told about changes of health.</summary>
public sealed class PoolHealthFlippedTests
{
    private static readonly ProbeResult _works = new(ProbeOutcome.Healthy, "connected");
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");

    private readonly FakeTimeProvider _clock = new();
    private readonly CurrentOptions<HealthCheckOptions> _checks = new(new HealthCheckOptions());
    private readonly PoolHealth _health;
    private readonly List<HealthFlip> _flips = [];

    public PoolHealthFlippedTests()
    {
        _health = new PoolHealth(
            Pools.OfSize(4), _checks, new(new PassiveHealthOptions()), _clock, new LogRecorder<PoolHealth>(), keepsHistory: true);
        _health.Flipped += _flips.Add;
    }

    private BackendHealth First => _health.Backends[0];

    [Fact]
    public void Flipped_ChecksFailAndSucceed_HasTheCountAndTheReason()
    {
        Check(_fails, 3);
        Check(_works, 2);

        Assert.Equal(
            [
                new HealthFlip(First, IsHealthy: false, HealthFlipCause.Checks, "connection refused", 3),
                new HealthFlip(First, IsHealthy: true, HealthFlipCause.Checks, "connected", 2),
            ],
            _flips);
    }

    [Fact]
    public void Flipped_ConnectionsFail_IsAnEjectionThatEndsByTime()
    {
        Fail(3);
        Assert.True(Assert.Single(_flips).IsEjection);
        Assert.Equal(TimeSpan.FromSeconds(10), First.Traffic.TimeLeft);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, First.Traffic.TimeLeft);
        _health.Decide();

        Assert.Equal((true, HealthFlipCause.Traffic, "the ejection is over"), (_flips[1].IsHealthy, _flips[1].Cause, _flips[1].Reason));
    }

    // It was unhealthy before, so nothing flips; but what it takes to return is different now.
    [Fact]
    public void Flipped_ChecksOfAnEjectedBackendFail_IsToldOnce()
    {
        Fail(3);

        Check(_fails, 4);

        Assert.Equal([false, true], _flips.Select(flip => flip.IsConfirmation));
        Assert.Equal(HealthFlipCause.Checks, _flips[1].Cause);
        Assert.False(First.IsEjected);
    }

    [Fact]
    public void Flipped_ChecksAreTurnedOff_IsCausedByTheConfiguration()
    {
        Check(_fails, 3);

        _checks.Replace(_checks.Value with { Kind = CheckKind.None });

        Assert.Equal((true, HealthFlipCause.Configuration), (_flips[1].IsHealthy, _flips[1].Cause));
    }

    [Fact]
    public void History_NotAskedFor_IsNotKept()
    {
        var health = new PoolHealth(Pools.OfSize(1), _checks, new(new PassiveHealthOptions()), _clock, new LogRecorder<PoolHealth>());

        Assert.Null(health.Backends[0].History);
        Assert.NotNull(First.History);
    }

    private void Check(ProbeResult result, int times)
    {
        for (int i = 0; i < times; i++)
        {
            _ = _health.RecordCheck(First, result, _clock.GetTimestamp());
            _health.Decide();
        }
    }

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
            _health.Failed(First.Backend, SocketError.ConnectionRefused);
        _health.Decide();
    }
}
