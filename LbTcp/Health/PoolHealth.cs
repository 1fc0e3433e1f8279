using System.Collections.ObjectModel;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Combines what checks and what real traffic report about the backends of a pool, and changes their health in the pool. A backend is
/// healthy, unhealthy by its checks, or ejected by real traffic. An ejected one returns with its first successful check, when the time of
/// the ejection has passed, or when no other backend is available; checks that fail meanwhile make it unhealthy by its checks. Ejections
/// never concern more than half of the pool nor the last healthy backend that clients may go to. The record of a backend lives as long as
/// the backend, so one that is removed and returns continues it. May be used from any thread.
/// </summary>
internal sealed partial class PoolHealth : IConnectTracker
{
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(250);

    private readonly BackendPool _pool;
    private readonly HealthCheckOptions _checkOptions;
    private readonly ILogger<PoolHealth> _logger;
    private readonly ConditionalWeakTable<Backend, BackendHealth> _records = [];
    private readonly ConditionalWeakTable<Backend, BackendHealth>.CreateValueCallback _createRecord;
    private readonly Lock _gate = new();
    private ReadOnlyCollection<Backend> _members;

    /// <summary>Follows <paramref name="pool"/> from now on.</summary>
    public PoolHealth(
        BackendPool pool, HealthCheckOptions checkOptions, PassiveHealthOptions options, TimeProvider timeProvider,
        ILogger<PoolHealth> logger)
    {
        _pool = pool;
        _checkOptions = checkOptions;
        _logger = logger;
        _createRecord = backend => new BackendHealth(
            backend, new HealthTracker(checkOptions.Rise, checkOptions.Fall), new OutlierTracker(options, timeProvider));
        Tick = TimeSpan.FromTicks(Math.Clamp(options.EjectionTime.Ticks / 4, _shortestTick.Ticks, _longestTick.Ticks));
        lock (_gate)
        {
            pool.Changed += Follow; // waits for the first members
            _members = pool.Snapshot.All;
            Backends = Records(_members);
        }
    }

    /// <summary>How often <see cref="EndEjections"/> should be called.</summary>
    public TimeSpan Tick { get; }

    /// <summary>The record of each backend of the pool, in the order of the pool. Replaced when that changes.</summary>
    public IReadOnlyList<BackendHealth> Backends { get; private set; }

    /// <summary>The record of <paramref name="backend"/>.</summary>
    public BackendHealth RecordOf(Backend backend) => _records.GetValue(backend, _createRecord);

    /// <summary>Takes the result of one check; of a backend that was removed meanwhile nothing is taken.</summary>
    /// <returns>Whether the backend is between states, so that the next check should come soon.</returns>
    public bool RecordCheck(BackendHealth record, ProbeResult result)
    {
        List<PoolChange> flips = [];
        bool isBetweenStates;
        lock (_gate)
        {
            if (!record.Backend.IsInPool)
                return false;
            RecordCheck(record, result, flips);
            isBetweenStates = record.Checks.IsBetweenStates || record.IsEjected;
        }

        flips.ForEach(_pool.Raise);
        return isBetweenStates;
    }

    /// <inheritdoc/>
    public void Reached(Backend backend)
    {
        OutlierTracker traffic = RecordOf(backend).Traffic;
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
        BackendHealth record = RecordOf(backend);
        record.RequestProbe();
        PoolChange? flip;
        lock (_gate)
        {
            if (!record.Traffic.RecordFailure() || !backend.IsHealthy || !MayEject(backend))
                return;
            flip = _pool.Flip(backend, isHealthy: false);
            if (flip is null)
                return; // it was removed, or marked unhealthy from outside
            int failures = record.Traffic.Failures;
            TimeSpan length = record.Traffic.Eject();
            LogDown(backend, $"{SocketErrors.Describe(error)} for clients, ejected for {DurationText.Of(length)}", failures, hint: null);
        }

        _pool.Raise(flip);
    }

    /// <summary>Makes those healthy again whose ejection has lasted long enough; to be called at every tick.</summary>
    public void EndEjections()
    {
        List<PoolChange> flips = [];
        lock (_gate)
            ReturnAll(static record => record.IsEjected && record.Traffic.IsOver, "the ejection is over", flips);
        flips.ForEach(_pool.Raise);
    }

    private void RecordCheck(BackendHealth record, ProbeResult result, List<PoolChange> flips)
    {
        bool isEjected = record.IsEjected;
        bool hasFlipped = record.Checks.Record(result.Outcome, isHealthy: record.Backend.IsHealthy || isEjected);
        if (isEjected && result.Outcome is ProbeOutcome.Healthy)
            Return(record, result.Detail, successes: 1, flips);
        else if (isEjected && hasFlipped)
            record.Traffic.Return(); // unhealthy by its checks from now on
        else if (hasFlipped && result.Outcome is ProbeOutcome.Healthy)
            Return(record, result.Detail, _checkOptions.Rise, flips);
        else if (hasFlipped && _pool.Flip(record.Backend, isHealthy: false) is { } flip)
        {
            flips.Add(flip);
            LogDown(record.Backend, result.Detail, _checkOptions.Fall, result.Hint);
        }
    }

    // Goes by what the pool is now: changes may be reported in another order than they were made.
    private void Follow(PoolChange change)
    {
        List<PoolChange> flips = [];
        lock (_gate)
        {
            if (_members != _pool.Snapshot.All)
                Backends = Records(_members = _pool.Snapshot.All);
            foreach (Backend backend in change.Flipped)
                EndVoidEjection(RecordOf(backend));
            foreach (Backend backend in change.Added.Concat(change.Changed.Where(WasChecked).Select(options => options.Backend)))
                ReturnUnchecked(RecordOf(backend), flips);
            if (_pool.Snapshot.Available.Count == 0)
                ReturnAll(static record => record.IsEjected, "no other backend is healthy", flips);
        }

        flips.ForEach(_pool.Raise);
    }

    // It was marked healthy from outside.
    private static void EndVoidEjection(BackendHealth record)
    {
        if (record.Backend.IsHealthy && record.Traffic.IsEjected)
            record.Traffic.Return();
    }

    private bool WasChecked(OptionsChange change) => _checkOptions.KindFor(change.Old) is not CheckKind.None;

    // Without checks there is nothing that could ever make it healthy again.
    private void ReturnUnchecked(BackendHealth record, List<PoolChange> flips)
    {
        if (!record.Backend.IsHealthy && !record.IsEjected && _checkOptions.KindFor(record.Backend.Options) is CheckKind.None)
            Return(record, "it is no longer checked", successes: 0, flips);
    }

    private bool MayEject(Backend backend) =>
        _pool.GetHealthyBackends().Any(other => other != backend && other is { Intent: BackendIntent.Ready, Weight: > 0 }) &&
        Backends.Count(record => record.IsEjected) + 1 <= Backends.Count / 2;

    private void ReturnAll(Func<BackendHealth, bool> condition, string reason, List<PoolChange> flips)
    {
        foreach (BackendHealth record in Backends)
        {
            if (condition(record))
                Return(record, reason, successes: 0, flips);
        }
    }

    // The pool is changed within the lock, so that it never contradicts the record; its event is raised after the lock was released.
    private void Return(BackendHealth record, string reason, int successes, List<PoolChange> flips)
    {
        if (_pool.Flip(record.Backend, isHealthy: true) is { } flip)
        {
            flips.Add(flip);
            Log.BackendUp(_logger, record.Backend.Name, reason, successes, _pool.GetHealthyBackends().Count, _pool.GetAllBackends().Count);
        }

        if (record.Backend.IsHealthy)
            record.Traffic.Return();
    }

    private void LogDown(Backend backend, string reason, int failures, string? hint) =>
        Log.BackendDown(_logger, backend.Name, reason, failures, _pool.GetHealthyBackends().Count, _pool.GetAllBackends().Count, hint);

    private BackendHealth[] Records(ReadOnlyCollection<Backend> backends) => [.. backends.Select(RecordOf)];
}
