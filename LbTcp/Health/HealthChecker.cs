using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Probes the backends of a pool periodically, except those that are not checked or are in maintenance, and reports the results to their
/// health records. A backend is probed at once when it is added; later checks are spread over the interval, and a check that the health
/// record requests is brought forward. At most one check of a backend runs at a time, and no error of a probe stops the checker.
/// </summary>
internal sealed partial class HealthChecker
{
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _shortestTolerance = TimeSpan.FromMilliseconds(50); // shorter pauses are ordinary
    private static readonly TimeSpan _warningPeriod = TimeSpan.FromMinutes(1);

    private readonly PoolHealth _health;
    private readonly CheckProbe _probe;
    private readonly ProbePlaces _places;
    private readonly CurrentOptions<HealthCheckOptions> _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<HealthChecker> _logger;
    private readonly CheckList _checks;
    private readonly DueChecks _due;
    private readonly long _start;
    private readonly Heartbeat _heartbeat;
    private readonly LogThrottle _inconclusiveThrottle;
    private readonly LogThrottle _faultThrottle;
    private readonly RunningCount _running = new();
    private BackendCheck[] _ticked = [];

    /// <summary>
    /// Creates a checker that follows changes of <paramref name="pool"/>; <see cref="BeginDueChecks"/> starts the checks.
    /// </summary>
    public HealthChecker(
        BackendPool pool,
        PoolHealth health,
        IHealthProbe probe,
        ProbePlaces places,
        CurrentOptions<HealthCheckOptions> options,
        TimeProvider timeProvider,
        ILogger<HealthChecker> logger)
    {
        _health = health;
        _probe = new CheckProbe(probe, _running, timeProvider);
        _places = places;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _checks = new CheckList(pool, health, options);
        _due = new DueChecks(places);
        _start = timeProvider.GetTimestamp();
        _heartbeat = new Heartbeat(timeProvider, _shortestTolerance);
        _inconclusiveThrottle = new LogThrottle(timeProvider, _warningPeriod);
        _faultThrottle = new LogThrottle(timeProvider, _warningPeriod);
        UpdateTick();
    }

    /// <summary>The interval at which <see cref="BeginDueChecks"/> should be called; may change with every call.</summary>
    public TimeSpan Tick { get; private set; }

    /// <summary>
    /// Starts the checks that are due, as far as there are places for them. Must be called on every tick, by one thread at a time.
    /// </summary>
    /// <param name="stopping">Cancels the probes.</param>
    public void BeginDueChecks(CancellationToken stopping)
    {
        _heartbeat.Beat();
        UpdateTick();
        TimeSpan now = _timeProvider.GetElapsedTime(_start);
        foreach (BackendCheck check in _due.Select(_ticked, now))
        {
            bool isSuspected = check.IsSuspected;
            if (!_places.TryTake(isSuspected))
                break; // nor is there a place for those that follow
            check.Begin();
            _running.Begin();
            _ = CheckAsync(check, new ProbeRun(_places, isSuspected, _heartbeat, _timeProvider), now, stopping); // never throws
        }
    }

    /// <summary>
    /// Returns the time until the next check of <paramref name="backend"/>, zero while one runs; null if it is not checked. May be called
    /// from any thread.
    /// </summary>
    public TimeSpan? TimeToCheck(Backend backend)
    {
        if (Array.Find(_checks.Current, check => check.Backend == backend) is not { } next)
            return null;
        TimeSpan left = next.IsRunning ? TimeSpan.Zero : next.Due - _timeProvider.GetElapsedTime(_start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Completes when no probe is running. No checks may be started after this call.</summary>
    public Task WhenIdleAsync() => _running.WhenIdleAsync();

    // The tick is short enough for each backend to have a tick of its own, and for the quarters of the interval. A pause of this process
    // that could use up half of the time limit of a check is noticed.
    private void UpdateTick()
    {
        BackendCheck[] checks = _checks.Current;
        if (checks == _ticked && Tick > TimeSpan.Zero)
            return;
        _ticked = checks;
        long ticks = _checks.ShortestInterval.Ticks / Math.Max(checks.Length, 8);
        TimeSpan limit = CheckLimit.Shortest(_checks.ShortestTimeout);
        ticks = Math.Min(ticks, Math.Min(limit.Ticks / 5, _longestTick.Ticks));
        Tick = TimeSpan.FromTicks(Math.Max(ticks, _shortestTick.Ticks));
        _heartbeat.Tolerance = limit / 2 > _shortestTolerance ? limit / 2 : _shortestTolerance;
    }

    private async Task CheckAsync(BackendCheck check, ProbeRun run, TimeSpan now, CancellationToken stopping)
    {
        bool isBetweenStates = false;
        try
        {
            RecordLateAnswer(check);
            TimeSpan timeout = _options.Value.TimeoutFor(check.Backend.Options);
            var limit = CheckLimit.For(timeout, _options.Value.Fall, check.Health);
            ProbeResult result = await _probe.ProbeAsync(check, run, limit, stopping);
            TimeSpan duration = _timeProvider.GetElapsedTime(run.Begun);
            if (result.Outcome is ProbeOutcome.Unhealthy && run.WasPaused)
                result = new ProbeResult(ProbeOutcome.Inconclusive, $"{result.Detail}, while this process was not running");
            check.Suspect(result.Outcome is ProbeOutcome.Unhealthy or ProbeOutcome.Unanswered && duration >= timeout / 4);
            if (!check.IsOutdated)
            {
                RecordLateAnswer(check);
                isBetweenStates = Record(check, run, result, duration);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Checking ends.
        }
        catch (Exception exception)
        {
            // The probe throws if the check of the backend was just turned off: it has no kind of check to make.
            if (_checks.Includes(check.Backend) && _faultThrottle.TryPass())
                Log.CheckerFault(_logger, check.Backend.Name, exception);
        }
        finally
        {
            check.End(now, isBetweenStates);
            _running.End();
        }
    }

    // While the backend is healthy, an answer to an earlier check ends a streak of failures; a failure of that check was recorded already.
    private void RecordLateAnswer(BackendCheck check)
    {
        if (check.TakeLateAnswer() is not { } late || !check.Backend.IsHealthy)
            return;
        ProbeResult answer = late.Result.Result;
        _ = Record(check, late.Run, answer with { Detail = $"{answer.Detail}, late" }, late.Run.Duration);
    }

    private bool Record(BackendCheck check, ProbeRun run, in ProbeResult result, TimeSpan duration)
    {
        SmoothedTime usual = check.Health.UsualCheckTime;
        if (result.Outcome is ProbeOutcome.Healthy && check.Backend.IsHealthy && !run.WasPaused)
            usual.Record(CheckLimit.Sample(duration, _options.Value.TimeoutFor(check.Backend.Options), usual.Value));
        check.Health.History?.Add(in result, run.Begun, duration);
        if (result.Outcome is ProbeOutcome.Inconclusive && _inconclusiveThrottle.TryPass())
            Log.ProbeInconclusive(_logger, check.Backend.Name, result.Detail);
        return _health.RecordCheck(check.Health, result, run.Begun);
    }
}
