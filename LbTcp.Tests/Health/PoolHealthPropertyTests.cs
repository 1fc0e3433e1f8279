using System.Net.Sockets;
using CsCheck;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

/// <summary>Checks, real traffic and time in any order.</summary>
public sealed class PoolHealthPropertyTests
{
    private static readonly HealthCheckOptions _checks = new();
    private static readonly PassiveHealthOptions _passive = new();

    private enum Kind
    {
        Refused,
        TimedOut,
        Reached,
        Works,
        Fails,
        Inconclusive,
        TimePasses,
        Decides,
    }

    private static readonly Gen<(Kind Kind, int Backend, int Seconds)> _traffic =
        Gen.Select(
            Gen.Int[0, 4].Select(i => new[] { Kind.Refused, Kind.TimedOut, Kind.Reached, Kind.TimePasses, Kind.Decides }[i]), Gen.Int[0, 5],
            Gen.Int[0, 40]);

    private static readonly Gen<(Kind Kind, int Backend, int Seconds)> _anything =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 5], Gen.Int[0, 40]);

    private static readonly ProbeResult _isUnclear = new(ProbeOutcome.Inconclusive, "out of file descriptors");

    private static readonly Gen<int> _size = Gen.Int[1, 6];

    [Fact]
    public void AnySequence_Ejections_AreAtMostHalfAndLeaveAHealthyBackend() =>
        Gen.Select(_size, _anything.Array[1, 150]).Sample((size, steps) => Play(size, steps), iter: 2000, threads: 1);

    [Fact]
    public void AnySequence_BackendWorksAfterwards_ItsChecksBringItBack() =>
        Gen.Select(_size, _anything.Array[1, 150], Gen.Int[0, 5]).Sample(
            (size, steps, index) =>
            {
                (PoolHealth tracker, FakeTimeProvider time) = Play(size, steps);
                BackendHealth working = tracker.Backends[index % size];
                for (int i = 0; i < _checks.Rise; i++)
                    _ = tracker.RecordCheck(working, new ProbeResult(ProbeOutcome.Healthy, "connected"), time.GetTimestamp());
                tracker.Decide();
                Assert.True(working.Backend.IsHealthy);
            },
            iter: 1000,
            threads: 1);

    [Fact]
    public void AnyTraffic_WithoutChecks_EveryEjectionEndsByTime() =>
        Gen.Select(_size, _traffic.Array[1, 150]).Sample(
            (size, steps) =>
            {
                (PoolHealth tracker, FakeTimeProvider time) = Play(size, steps);
                time.Advance(_passive.MaxEjectionTime);
                tracker.Decide();
                Assert.All(tracker.Backends, backend => Assert.True(backend.Backend.IsHealthy));
            },
            iter: 1000,
            threads: 1);

    private static (PoolHealth Tracker, FakeTimeProvider Time) Play(int size, (Kind Kind, int Backend, int Seconds)[] steps)
    {
        var time = new FakeTimeProvider();
        var pool = new BackendPool(Enumerable.Range(0, size).Select(i => $"10.0.0.{i + 1}:80"));
        var tracker = new PoolHealth(pool, new(_checks), new(_passive), time, new LogRecorder<PoolHealth>());
        bool hasFailedChecks = false; // since the latest decision
        foreach ((Kind kind, int index, int seconds) in steps)
        {
            int healthyBefore = pool.GetHealthyBackends().Count;
            hasFailedChecks |= kind is Kind.Fails;
            BackendHealth backend = tracker.Backends[index % size];
            Do(tracker, backend, kind, time, seconds);

            int healthy = pool.GetHealthyBackends().Count;
            int ejected = tracker.Backends.Count(one => one.IsEjected);
            Assert.True(ejected <= size / 2, "more than half of the pool is ejected");
            Assert.True(ejected == 0 || healthy > 0, "backends are ejected although no other is healthy");
            Assert.True(hasFailedChecks || healthyBefore == 0 || healthy > 0, "real traffic ejected the last healthy backend");
            Assert.Equal(tracker.Backends.Count(one => one.Backend.IsHealthy), healthy);
            hasFailedChecks &= kind is not (Kind.Decides or Kind.TimePasses);
        }

        tracker.Decide();
        return (tracker, time);
    }

    private static void Do(PoolHealth tracker, BackendHealth backend, Kind kind, FakeTimeProvider time, int seconds)
    {
        switch (kind)
        {
            case Kind.Refused:
                tracker.Failed(backend.Backend, SocketError.ConnectionRefused);
                break;
            case Kind.TimedOut:
                tracker.Failed(backend.Backend, SocketError.TimedOut);
                break;
            case Kind.Reached:
                tracker.Reached(backend.Backend);
                break;
            case Kind.Works:
                _ = tracker.RecordCheck(backend, new ProbeResult(ProbeOutcome.Healthy, "connected"), time.GetTimestamp());
                break;
            case Kind.Fails:
                _ = tracker.RecordCheck(backend, new ProbeResult(ProbeOutcome.Unhealthy, "connection refused"), time.GetTimestamp());
                break;
            case Kind.Inconclusive:
                _ = tracker.RecordCheck(backend, _isUnclear, time.GetTimestamp());
                break;
            case Kind.TimePasses:
                time.Advance(TimeSpan.FromSeconds(seconds));
                tracker.Decide();
                break;
            case Kind.Decides:
                tracker.Decide();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }
}
