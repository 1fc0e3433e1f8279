using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Health;

/// <summary>A <see cref="HealthChecker"/> on a clock that the test moves, with probes whose results the test sets.</summary>
internal sealed class HealthCheckerFixture : IDisposable
{
    public static readonly ProbeResult Works = new(ProbeOutcome.Healthy, "GET /health answered 200");
    public static readonly ProbeResult Fails = new(ProbeOutcome.Unhealthy, "GET /health answered 503");
    public static readonly ProbeResult IsUnclear = new(ProbeOutcome.Inconclusive, "out of file descriptors");

    public JumpingClock Clock { get; } = new();

    public LogRecorder<HealthChecker> Logs { get; } = new();

    public LogRecorder<PoolHealth> Flips { get; } = new();

    /// <summary>A substitute, unless the test sets another.</summary>
    public IHealthProbe Probe { get; init; } = Substitute.For<IHealthProbe>();

    /// <summary>The defaults: interval 2s, timeout 2s, rise 2, fall 3.</summary>
    public HealthCheckOptions Options => Current.Value;

    /// <summary>The options, which the test may replace.</summary>
    public CurrentOptions<HealthCheckOptions> Current { get; } = new(new HealthCheckOptions());

    /// <summary>128 places for probes, unless the test sets others.</summary>
    public ProbePlaces Places { get; init; } = new(128, lateLimit: 128);

    public CancellationTokenSource Stopping { get; } = new();

    /// <summary>The backends backend0:80, backend1:80, ...</summary>
    public static BackendPool Pool(int count) => new(Enumerable.Range(0, count).Select(i => $"http://backend{i}:80"));

    public HealthChecker Checker(BackendPool pool) => Checker(pool, Health(pool));

    public HealthChecker Checker(BackendPool pool, PoolHealth health) => new(pool, health, Probe, Places, Current, Clock, Logs);

    /// <summary>Decides every report at once.</summary>
    public PoolHealth Health(BackendPool pool)
    {
        var health = new PoolHealth(pool, Current, new(new PassiveHealthOptions()), Clock, Flips);
        health.Reported += health.Decide;
        return health;
    }

    /// <summary>Sets the result of all further probes of all backends.</summary>
    public void Answer(ProbeResult result) => Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(Task.FromResult(result));

    /// <summary>Sets the result of all further probes of one backend.</summary>
    public void Answer(Backend backend, ProbeResult result) => Answer(backend, Task.FromResult(result));

    /// <inheritdoc cref="Answer(Backend, ProbeResult)"/>
    public void Answer(Backend backend, Task<ProbeResult> result) =>
        Probe.ProbeAsync(backend, Arg.Any<TimeSpan>(), Arg.Any<CancellationToken>()).Returns(result);

    /// <summary>Sets the result of all further probes of all backends.</summary>
    /// <returns>When they did, in seconds from now; grows.</returns>
    public List<double> RecordTimes(ProbeResult result)
    {
        var times = new List<double>();
        long start = Clock.GetTimestamp();
        Probe.ProbeAsync(default!, default, default).ReturnsForAnyArgs(_ =>
        {
            times.Add(Clock.GetElapsedTime(start).TotalSeconds);
            return Task.FromResult(result);
        });
        return times;
    }

    /// <summary>As many ticks as the duration has.</summary>
    public void Run(HealthChecker checker, TimeSpan duration)
    {
        for (TimeSpan elapsed = TimeSpan.Zero; elapsed < duration; elapsed += TimeSpan.FromMilliseconds(100))
        {
            checker.BeginDueChecks(Stopping.Token);
            Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    public void Dispose() => Stopping.Dispose();
}
