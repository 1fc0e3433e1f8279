using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Probes the backends of a pool periodically, except those that are not checked or are in maintenance, and reports the results to their
/// health records. A backend is probed at once when it is added; later checks are spread over the interval, and a check that the health
/// record requests is brought forward. At most one probe of a backend runs at a time, and no error of a probe stops the checker.
/// </summary>
internal sealed partial class HealthChecker
{
    // Each probe takes a descriptor: the checks of a large pool must not exhaust those that clients need.
    private const int MostProbesAtOnce = 128;

    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _warningPeriod = TimeSpan.FromMinutes(1);

    private readonly PoolHealth _health;
    private readonly IHealthProbe _probe;
    private readonly HealthCheckOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<HealthChecker> _logger;
    private readonly CheckList _checks;
    private readonly long _start;
    private readonly Heartbeat _heartbeat;
    private readonly LogThrottle _inconclusiveThrottle;
    private readonly LogThrottle _faultThrottle;
    private BackendCheck[] _ticked = [];
    private int _next;
    private int _running;
    private volatile TaskCompletionSource? _idle;

    /// <summary>
    /// Creates a checker that follows changes of <paramref name="pool"/>; <see cref="BeginDueChecks"/> starts the checks.
    /// </summary>
    public HealthChecker(
        BackendPool pool,
        PoolHealth health,
        IHealthProbe probe,
        HealthCheckOptions options,
        TimeProvider timeProvider,
        ILogger<HealthChecker> logger)
    {
        _health = health;
        _probe = probe;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _checks = new CheckList(pool, health, options);
        _start = timeProvider.GetTimestamp();
        _heartbeat = new Heartbeat(timeProvider, options.Timeout / 4);
        _inconclusiveThrottle = new LogThrottle(timeProvider, _warningPeriod);
        _faultThrottle = new LogThrottle(timeProvider, _warningPeriod);
        UpdateTick();
    }

    /// <summary>The interval at which <see cref="BeginDueChecks"/> should be called; may change with every call.</summary>
    public TimeSpan Tick { get; private set; }

    /// <summary>
    /// Starts the checks that are due, up to a limit of concurrent probes. Must be called on every tick, by one thread at a time.
    /// </summary>
    /// <param name="stopping">Cancels the probes.</param>
    public void BeginDueChecks(CancellationToken stopping)
    {
        _heartbeat.Beat();
        UpdateTick();
        TimeSpan now = _timeProvider.GetElapsedTime(_start);
        for (int i = 0; i < _ticked.Length && Volatile.Read(ref _running) < MostProbesAtOnce; i++)
        {
            // Continues where the last tick stopped, so that every check gets a turn when more are due than may run.
            BackendCheck check = _ticked[_next];
            _next = (_next + 1) % _ticked.Length;
            int suspensions = check.Suspensions; // read before IsDue, which tests whether the check is suspended
            if (check.IsDue(now))
                check.Run = CheckAsync(check, suspensions, now, stopping);
        }
    }

    /// <summary>Completes when no probe is running. No checks may be started after this call.</summary>
    public Task WhenIdleAsync()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Published with a full fence before the count is read; a check does both in the reverse order, so one of the two sees the other.
        TaskCompletionSource idle = Interlocked.CompareExchange(ref _idle, first, null) ?? first;
        if (Volatile.Read(ref _running) == 0)
            _ = idle.TrySetResult();
        return idle.Task;
    }

    // The tick is short enough for each backend to have a tick of its own, and for the quarters of the interval.
    private void UpdateTick()
    {
        BackendCheck[] checks = _checks.Current;
        if (checks == _ticked && Tick > TimeSpan.Zero)
            return;
        _ticked = checks;
        _next = checks.Length == 0 ? 0 : _next % checks.Length;
        long ticks = _checks.ShortestInterval.Ticks / Math.Max(checks.Length, 8);
        Tick = TimeSpan.FromTicks(Math.Clamp(ticks, _shortestTick.Ticks, _longestTick.Ticks));
        _heartbeat.Tolerance = TimeSpan.FromTicks(Math.Max(_options.Timeout.Ticks / 4, Tick.Ticks * 5));
    }

    private async Task CheckAsync(BackendCheck check, int suspensions, TimeSpan now, CancellationToken stopping)
    {
        Interlocked.Increment(ref _running);
        bool isBetweenStates = false;
        try
        {
            long begun = _timeProvider.GetTimestamp();
            ProbeResult result = await ProbeAsync(check.Backend, stopping);
            if (check.Suspensions == suspensions)
            {
                isBetweenStates = _health.RecordCheck(check.Health, result, begun);
                if (result.Outcome is ProbeOutcome.Inconclusive && _inconclusiveThrottle.TryPass())
                    Log.ProbeInconclusive(_logger, check.Backend.Name, result.Detail);
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
            check.PlanNext(now, isBetweenStates);
            if (Interlocked.Decrement(ref _running) == 0)
                _ = _idle?.TrySetResult();
        }
    }

    private async Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken stopping)
    {
        int pauses = _heartbeat.Pauses;
        ProbeResult result = await _probe.ProbeAsync(backend, stopping);
        return result.Outcome is ProbeOutcome.Unhealthy && !_heartbeat.HasRunSince(pauses)
            ? new ProbeResult(ProbeOutcome.Inconclusive, $"{result.Detail}, while this process was not running")
            : result;
    }
}
