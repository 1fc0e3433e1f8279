using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Combines what checks and what real traffic report about the backends of a pool, and changes their health in the pool. A backend is
/// healthy, unhealthy by its checks, or ejected by real traffic. An ejected one returns with its first successful check, when the time of
/// the ejection has passed, or when no other backend is available; checks that fail in the meantime make it unhealthy by its checks. Safe
/// for use by any number of threads.
/// </summary>
internal sealed class PoolHealth : IConnectTracker
{
    private readonly BackendPool _pool;
    private readonly HealthCheckOptions _checkOptions;
    private readonly ILogger<PoolHealth> _logger;
    private readonly HealthRecords _records;
    private readonly EjectionPolicy _ejections;
    private readonly Lock _gate = new();

    /// <summary>Creates the health of <paramref name="pool"/> and follows changes of the pool.</summary>
    public PoolHealth(
        BackendPool pool, HealthCheckOptions checkOptions, PassiveHealthOptions options, TimeProvider timeProvider,
        ILogger<PoolHealth> logger)
    {
        _pool = pool;
        _checkOptions = checkOptions;
        _logger = logger;
        _records = new HealthRecords(checkOptions, options, timeProvider);
        _ejections = new EjectionPolicy(pool, _records, options);
        lock (_gate)
        {
            pool.Changed += Follow; // a call that comes now waits for the first members
            _records.Update(pool.Snapshot.All);
        }
    }

    /// <summary>The interval at which <see cref="EndEjections"/> should be called.</summary>
    public TimeSpan Tick => _ejections.Tick;

    /// <summary>The record of each backend of the pool, in the order of the pool. The list is immutable; a change replaces it.</summary>
    public IReadOnlyList<BackendHealth> Backends => _records.Current;

    /// <summary>Returns the record of <paramref name="backend"/>.</summary>
    public BackendHealth RecordOf(Backend backend) => _records.Of(backend);

    /// <summary>Records the result of one check. A result for a backend that is no longer in the pool is ignored.</summary>
    /// <param name="record">The record of the backend.</param>
    /// <param name="result">The result.</param>
    /// <param name="begun">The timestamp of the clock from right before the backend was dialled.</param>
    /// <returns>Whether the backend is between states, so that its next check should come soon.</returns>
    public bool RecordCheck(BackendHealth record, ProbeResult result, long begun)
    {
        _ = begun;
        bool isBetweenStates = false;
        Change(flips =>
        {
            if (!record.Backend.IsInPool)
                return;
            RecordCheck(record, result, flips);
            isBetweenStates = record.IsBetweenStates;
        });
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
        Change(flips =>
        {
            if (record.Traffic.RecordFailure() && backend.IsHealthy && _ejections.Allows(backend))
                flips.Eject(record, error);
        });
    }

    /// <summary>Returns ejected backends whose ejection time has passed; must be called on every tick.</summary>
    public void EndEjections() =>
        Change(flips => flips.ReturnEjected(Backends.Where(static record => record.Traffic.IsOver), "the ejection is over"));

    private void RecordCheck(BackendHealth record, ProbeResult result, HealthFlips flips)
    {
        bool isEjected = record.IsEjected;
        bool mustFlip = record.Checks.Record(result.Outcome, isHealthy: record.Backend.IsHealthy || isEjected);
        if (isEjected && result.Outcome is ProbeOutcome.Healthy)
            flips.Return(record, result.Detail, successes: 1);
        else if (isEjected && mustFlip)
            record.Traffic.Return(); // unhealthy by its checks from now on
        else if (mustFlip && result.Outcome is ProbeOutcome.Healthy)
            flips.Return(record, result.Detail, _checkOptions.Rise);
        else if (mustFlip)
            flips.MakeUnhealthy(record.Backend, result, _checkOptions.Fall);
    }

    // Reads the current state of the pool rather than the change, because changes may be reported in a different order than they were made.
    private void Follow(PoolChange change) => Change(flips =>
    {
        _records.Update(_pool.Snapshot.All);
        foreach (Backend backend in change.Flipped)
            RecordOf(backend).EndVoidEjection();
        foreach (Backend backend in change.Added.Concat(change.Changed.Where(WasChecked).Select(options => options.Backend)))
            ReturnUnchecked(RecordOf(backend), flips);
        if (_pool.Snapshot.Available.Count == 0)
            flips.ReturnEjected(Backends, "no other backend is healthy");
    });

    // Decides under the lock, and raises the flips after it was released; also after a defect, since the pool has published them.
    private void Change(Action<HealthFlips> decide)
    {
        var flips = new HealthFlips(_pool, _logger);
        try
        {
            lock (_gate)
                decide(flips);
        }
        finally
        {
            flips.Raise();
        }
    }

    private bool WasChecked(OptionsChange change) => _checkOptions.KindFor(change.Old) is not CheckKind.None;

    // Without checks, nothing else would make the backend healthy again.
    private void ReturnUnchecked(BackendHealth record, HealthFlips flips)
    {
        if (!record.Backend.IsHealthy && !record.IsEjected && _checkOptions.KindFor(record.Backend.Options) is CheckKind.None)
            flips.Return(record, "it is no longer checked");
    }
}
