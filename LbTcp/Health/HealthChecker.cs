using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Probes the backends of a pool again and again, all but those that are not to be checked, and tells the tracker what comes of it. The first
/// round comes at once; after that the checks are spread over the interval, and one that the tracker asks for comes early. A backend is never
/// asked by two probes at a time, and no error of a probe ends the checking.
/// </summary>
internal sealed partial class HealthChecker
{
    // Each takes a descriptor: a pool of thousands must not leave the clients without.
    private const int MostProbesAtOnce = 128;

    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _complaintPeriod = TimeSpan.FromMinutes(1);

    private readonly PoolHealth _tracker;
    private readonly IHealthProbe _probe;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<HealthChecker> _logger;
    private readonly BackendCheck[] _checks;
    private readonly TimeSpan _tick;
    private readonly long _start;
    private readonly Heartbeat _heartbeat;
    private readonly LogThrottle _inconclusiveThrottle;
    private readonly LogThrottle _faultThrottle;
    private int _next;
    private int _running;

    /// <summary>Prepares the checks; <see cref="RunAsync"/> begins them.</summary>
    public HealthChecker(
        PoolHealth tracker, IHealthProbe probe, HealthCheckOptions options, TimeProvider timeProvider, ILogger<HealthChecker> logger)
    {
        _tracker = tracker;
        _probe = probe;
        _timeProvider = timeProvider;
        _logger = logger;
        BackendHealth[] backends = [.. tracker.Backends.Where(one => options.KindFor(one.Backend.Options) is not CheckKind.None)];
        _checks = [.. backends.Select((one, index) => new BackendCheck(
            one, new CheckSchedule(options.IntervalFor(one.Backend.Options), phase: options.IntervalFor(one.Backend.Options) * (index + 1) / backends.Length)))];

        // Fine enough for every backend to have a tick of its own, and for the quarters of the interval.
        TimeSpan shortest = backends.Select(one => options.IntervalFor(one.Backend.Options)).DefaultIfEmpty(options.Interval).Min();
        _tick = TimeSpan.FromTicks(Math.Clamp(shortest.Ticks / Math.Max(backends.Length, 8), _shortestTick.Ticks, _longestTick.Ticks));
        _start = timeProvider.GetTimestamp();
        _heartbeat = new Heartbeat(timeProvider, TimeSpan.FromTicks(Math.Max(options.Timeout.Ticks / 4, _tick.Ticks * 5)));
        _inconclusiveThrottle = new LogThrottle(timeProvider, _complaintPeriod);
        _faultThrottle = new LogThrottle(timeProvider, _complaintPeriod);
    }

    /// <summary>Checks until <paramref name="stopping"/> fires, then waits for the probes under way. Ends at once when nothing is to be checked.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (_checks.Length == 0)
            return;
        using var timer = new PeriodicTimer(_tick, _timeProvider);
        try
        {
            do
                BeginDueChecks(stopping);
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_checks.Select(check => check.Run));
        }
    }

    /// <summary>Begins the checks that are due, as far as probes are free; to be called at every tick, by one thread at a time.</summary>
    public void BeginDueChecks(CancellationToken stopping)
    {
        _heartbeat.Beat();
        TimeSpan now = _timeProvider.GetElapsedTime(_start);
        for (int i = 0; i < _checks.Length && Volatile.Read(ref _running) < MostProbesAtOnce; i++)
        {
            // Goes on where the last tick ended: when there are more checks than probes, everybody has a turn.
            BackendCheck check = _checks[_next];
            _next = (_next + 1) % _checks.Length;
            if (!check.Run.IsCompleted)
                continue;
            if (check.Tracker.TakeProbeWish())
                check.Schedule.Hasten();
            if (check.Schedule.Due <= now)
                check.Run = CheckAsync(check, now, stopping);
        }
    }

    private async Task CheckAsync(BackendCheck check, TimeSpan now, CancellationToken stopping)
    {
        Interlocked.Increment(ref _running);
        bool isBetweenStates = false;
        try
        {
            ProbeResult result = await ProbeAsync(check.Backend, stopping);
            isBetweenStates = _tracker.RecordCheck(check.Tracker, result);
            if (result.Outcome is ProbeOutcome.Inconclusive && _inconclusiveThrottle.TryPass())
                Log.ProbeInconclusive(_logger, check.Backend.Name, result.Detail);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end of checking.
        }
        catch (Exception exception)
        {
            if (_faultThrottle.TryPass())
                Log.CheckerFault(_logger, check.Backend.Name, exception);
        }
        finally
        {
            check.Schedule.PlanNext(now, isBetweenStates);
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken stopping)
    {
        int pauses = _heartbeat.Pauses;
        ProbeResult result = await _probe.ProbeAsync(backend, stopping);
        return result.Outcome is ProbeOutcome.Unhealthy && !_heartbeat.HasRunSince(pauses)
            ? new ProbeResult(ProbeOutcome.Inconclusive, $"{result.Detail}, while this process was not run")
            : result;
    }
}
