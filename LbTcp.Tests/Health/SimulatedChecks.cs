using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Health;

/// <summary>
/// The checks of a pool on a clock that the test moves; the probes end after a time that the test sets, or at their limit. Everything is
/// up to a step late, as on a machine that is a little busy.
/// </summary>
internal sealed class SimulatedChecks : IDisposable
{
    /// <summary>The resolution of the clock.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HealthChecker _checker;
    private TimeSpan _sinceTick = TimeSpan.MaxValue;

    public SimulatedChecks(HealthCheckOptions options, int backends = 1)
    {
        Current = new(options);
        Pool = new BackendPool(Enumerable.Range(0, backends).Select(i => $"b{i}:1"));
        PoolHealth = new PoolHealth(
            Pool, Current, new(new PassiveHealthOptions()), Clock, new LogRecorder<PoolHealth>(), keepsHistory: true);
        PoolHealth.Reported += PoolHealth.Decide;
        _checker = new HealthChecker(Pool, PoolHealth, new TimedProbe(this), Places, Current, Clock, new LogRecorder<HealthChecker>());
    }

    public JumpingClock Clock { get; } = new();

    public CurrentOptions<HealthCheckOptions> Current { get; }

    public BackendPool Pool { get; }

    public PoolHealth PoolHealth { get; }

    public ProbePlaces Places { get; } = new(16, lateLimit: 16);

    /// <summary>What answers of probes that begin now take; null if there are none.</summary>
    public Func<TimeSpan?> AnswersAfter { get; set; } = () => TimeSpan.Zero;

    /// <summary>The limits that the probes were given.</summary>
    public List<TimeSpan> Limits { get; } = [];

    /// <summary>The number of probes that have not ended.</summary>
    public int Running { get; private set; }

    public TimeSpan Tick => _checker.Tick;

    /// <summary>The last backend, whose moment within the interval depends on the number of backends.</summary>
    public Backend Backend => Pool.GetAllBackends()[^1];

    public BackendHealth Health => PoolHealth.RecordOf(Backend);

    public IReadOnlyList<CheckRecord> History => Health.History!.Latest;

    public void AnswerAfter(double milliseconds) => AnswersAfter = () => TimeSpan.FromMilliseconds(milliseconds);

    public void VanishNow() => AnswersAfter = () => null;

    /// <summary>Moves the clock, with the ticks of the checker.</summary>
    public void Run(TimeSpan duration) => _ = RunWhile(() => true, duration);

    /// <summary>Moves the clock until the backend is down.</summary>
    /// <returns>How long that took; null if it is not down within a minute.</returns>
    public TimeSpan? RunUntilDown()
    {
        TimeSpan elapsed = RunWhile(() => Backend.IsHealthy, TimeSpan.FromMinutes(1));
        return Backend.IsHealthy ? null : elapsed;
    }

    /// <summary>Moves the clock until the backend is healthy.</summary>
    /// <returns>How long that took; null if it is not healthy within a minute.</returns>
    public TimeSpan? RunUntilUp()
    {
        TimeSpan elapsed = RunWhile(() => !Backend.IsHealthy, TimeSpan.FromMinutes(1));
        return Backend.IsHealthy ? elapsed : null;
    }

    /// <summary>Moves the clock until a check begins.</summary>
    public void RunUntilCheck()
    {
        int before = Limits.Count;
        _ = RunWhile(() => Limits.Count == before, TimeSpan.FromMinutes(1));
    }

    /// <summary>Moves the clock without ticks: this process is not running.</summary>
    public void Pause(TimeSpan duration)
    {
        Clock.Advance(duration);
        _sinceTick += duration;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private TimeSpan RunWhile(Func<bool> condition, TimeSpan limit)
    {
        TimeSpan elapsed = TimeSpan.Zero;
        while (elapsed < limit && condition())
        {
            if (_sinceTick >= _checker.Tick)
            {
                _checker.BeginDueChecks(_stopping.Token);
                _sinceTick = TimeSpan.Zero;
                continue; // it may have changed what the condition says
            }

            Clock.Advance(Step);
            elapsed += Step;
            _sinceTick += Step;
        }

        return elapsed;
    }

    private async Task<ProbeResult> ProbeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Limits.Add(limit);
        Running++;
        try
        {
            TimeSpan? answer = AnswersAfter();
            bool isAnswered = answer < limit;
            await Task.Delay(isAnswered ? answer!.Value : limit, Clock, cancellationToken);
            return isAnswered
                ? new ProbeResult(ProbeOutcome.Healthy, "connected")
                : new ProbeResult(ProbeOutcome.Unhealthy, $"timed out after {DurationText.Of(limit)}");
        }
        finally
        {
            Running--;
        }
    }

    // The answers of the other backends of the pool come at once.
    private sealed class TimedProbe(SimulatedChecks checks) : IHealthProbe
    {
        public Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken) =>
            backend == checks.Backend
                ? checks.ProbeAsync(limit, cancellationToken)
                : Task.FromResult(new ProbeResult(ProbeOutcome.Healthy, "connected"));
    }
}
