using System.Collections.Frozen;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Combines what checks and what real traffic say about the backends of a pool, and tells the pool. A backend is up, down by its checks, or
/// ejected by real traffic. An ejected one returns with its first successful check, when its time is up, or when nobody else is left; checks that
/// fail meanwhile take it down. Ejections never concern more than half of the pool nor the last healthy backend that clients may go to. May be used from any thread.
/// </summary>
internal sealed partial class PoolHealth : IConnectTracker
{
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(250);

    private readonly BackendPool _pool;
    private readonly HealthCheckOptions _checkOptions;
    private readonly PassiveHealthOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<PoolHealth> _logger;
    private readonly FrozenDictionary<Backend, BackendHealth> _byBackend;
    private readonly Lock _gate = new();

    /// <summary>For the backends of <paramref name="pool"/>.</summary>
    public PoolHealth(
        BackendPool pool, HealthCheckOptions checkOptions, PassiveHealthOptions options, TimeProvider timeProvider, ILogger<PoolHealth> logger)
    {
        _pool = pool;
        _checkOptions = checkOptions;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        Backends = [.. pool.GetAllBackends().Select(backend => new BackendHealth(
            backend, new HealthTracker(checkOptions.Rise, checkOptions.Fall), new OutlierTracker(options, timeProvider)))];
        _byBackend = Backends.ToFrozenDictionary(tracker => tracker.Backend);
    }

    /// <summary>What is remembered about each backend, in the order of the pool.</summary>
    public IReadOnlyList<BackendHealth> Backends { get; }

    /// <summary>Takes the result of one check.</summary>
    /// <returns>Whether the backend is between states, so that the next check should come soon.</returns>
    public bool RecordCheck(BackendHealth tracker, ProbeResult result)
    {
        lock (_gate)
        {
            bool isEjected = tracker.IsEjected;
            bool hasFlipped = tracker.Checks.Record(result.Outcome, isHealthy: tracker.Backend.IsHealthy || isEjected);
            if (isEjected && result.Outcome is ProbeOutcome.Healthy)
                Return(tracker, result.Detail, successes: 1);
            else if (isEjected && hasFlipped)
                tracker.Traffic.Return(); // down by its checks from now on
            else if (hasFlipped && result.Outcome is ProbeOutcome.Healthy)
                Return(tracker, result.Detail, _checkOptions.Rise);
            else if (hasFlipped)
                TakeDown(tracker, result.Detail, _checkOptions.Fall, result.Hint);
            if (_pool.Snapshot.Candidates.Count == 0)
                ReturnAll(static tracker => tracker.IsEjected, "no other backend is healthy");
            return tracker.Checks.IsBetweenStates || tracker.IsEjected;
        }
    }

    /// <inheritdoc/>
    public void Reached(Backend backend)
    {
        OutlierTracker traffic = _byBackend[backend].Traffic;
        if (traffic.Failures == 0)
            return;
        lock (_gate)
            traffic.RecordSuccess();
    }

    /// <inheritdoc/>
    public void Failed(Backend backend, SocketError error)
    {
        if (!SocketErrors.IsUnreachable(error))
            return;
        BackendHealth tracker = _byBackend[backend];
        tracker.WantProbe();
        lock (_gate)
        {
            if (!tracker.Traffic.RecordFailure() || !backend.IsHealthy || !MayEject(backend))
                return;
            int failures = tracker.Traffic.Failures;
            TimeSpan length = tracker.Traffic.Eject();
            TakeDown(tracker, $"{SocketErrors.Describe(error)} for clients, ejected for {DurationText.Of(length)}", failures, hint: null);
        }
    }

    /// <summary>Ends ejections in time, until <paramref name="stopping"/> fires.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        TimeSpan tick = _options.EjectionTime / 4;
        using var timer = new PeriodicTimer(tick < _shortestTick ? _shortestTick : tick > _longestTick ? _longestTick : tick, _timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                EndEjections();
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    /// <summary>Lets those return whose ejection has lasted long enough; to be called at every tick.</summary>
    public void EndEjections()
    {
        lock (_gate)
            ReturnAll(static tracker => tracker.IsEjected && tracker.Traffic.IsOver, "the ejection is over");
    }

    private bool MayEject(Backend backend) =>
        _pool.GetHealthyBackends().Any(other => other != backend && other.EffectiveWeight > 0) &&
        Backends.Count(tracker => tracker.IsEjected) + 1 <= Backends.Count / 2;

    private void ReturnAll(Func<BackendHealth, bool> condition, string reason)
    {
        foreach (BackendHealth tracker in Backends)
        {
            if (condition(tracker))
                Return(tracker, reason, successes: 0);
        }
    }

    private void Return(BackendHealth tracker, string reason, int successes)
    {
        tracker.Traffic.Return();
        if (_pool.MarkHealthy(tracker.Backend.Url))
            Log.BackendUp(_logger, tracker.Backend.Name, reason, successes, _pool.GetHealthyBackends().Count, Backends.Count);
    }

    private void TakeDown(BackendHealth tracker, string reason, int failures, string? hint)
    {
        if (_pool.MarkUnhealthy(tracker.Backend.Url))
            Log.BackendDown(_logger, tracker.Backend.Name, reason, failures, _pool.GetHealthyBackends().Count, Backends.Count, hint);
    }
}
