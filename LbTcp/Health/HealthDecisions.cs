using LbTcp.Backends;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Decides from reports and from changes of the pool which backends flip, and publishes the flips of one call together. One call runs at a
/// time; those who report do not wait for it.
/// </summary>
internal sealed class HealthDecisions
{
    private readonly BackendPool _pool;
    private readonly HealthRecords _records;
    private readonly HealthReports _reports;
    private readonly CurrentOptions<HealthCheckOptions> _options;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    /// <summary>Follows changes of <paramref name="pool"/> and of <paramref name="options"/> from now on.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="records">The health records of its backends.</param>
    /// <param name="reports">What is to be decided.</param>
    /// <param name="options">Rise and fall, for the log, and which backends are checked.</param>
    /// <param name="logger">Receives one record per flip.</param>
    public HealthDecisions(
        BackendPool pool, HealthRecords records, HealthReports reports, CurrentOptions<HealthCheckOptions> options, ILogger logger)
    {
        _pool = pool;
        _records = records;
        _reports = reports;
        _options = options;
        _logger = logger;
        lock (_gate)
        {
            options.Changed += Follow;
            pool.Changed += Follow; // a call that comes now waits for the first members
            _records.Update(pool.Snapshot.All);
        }
    }

    /// <summary>
    /// Raised for every flip, in order, where it is logged: under the lock, on any thread. Handlers must only take a note.
    /// </summary>
    public event Action<HealthFlip>? Flipped;

    /// <summary>Decides all reports, checks first, and returns ejected backends whose ejection time has passed.</summary>
    public void Decide() => Change(flips =>
    {
        _reports.Begin();
        while (_reports.TryTake(out CheckReport report))
            Decide(in report, flips);
        flips.ReturnEjected(_records.Current.Where(static record => record.IsEjectionOver), "the ejection is over");
        EjectionPolicy? policy = null;
        while (_reports.TryTake(out TrafficReport report))
        {
            report.Record.TakeEjectionRequest();
            Backend backend = report.Record.Backend;
            policy ??= new EjectionPolicy(_records.Current, _pool.Snapshot.Groups, flips);
            if (backend.IsInPool && flips.WillBeHealthy(backend) && policy.TryPermit(backend))
                flips.Eject(report.Record, report.Cause, report.Reason, report.Failures);
        }
    });

    private void Decide(in CheckReport report, HealthFlips flips)
    {
        (BackendHealth record, ProbeResult result, bool completesStreak, long begun) = report;
        bool isSuccess = result.Outcome is ProbeOutcome.Healthy;
        if (!isSuccess && record.IsEjected)
            flips.Confirm(record, result);
        else if (!isSuccess)
            flips.MakeUnhealthy(record, result, _options.Value.Fall);
        else if (!record.IsEjected && completesStreak)
            flips.Return(record, HealthFlipCause.Checks, result.Detail, _options.Value.Rise);
        else if (record.IsEjected && record.IsReturnedBy(in result, begun))
            flips.Return(record, HealthFlipCause.Checks, result.Detail, successes: 1);
    }

    // Reads the current state of the pool rather than the change, because changes may be reported in a different order than they were made.
    private void Follow(PoolChange change) => Change(flips =>
    {
        _records.Update(_pool.Snapshot.All);
        foreach (Backend backend in change.Flipped)
            _records.Of(backend).EndVoidEjection();
        HealthCheckOptions checks = _options.Value;
        IEnumerable<Backend> noLongerChecked = change.Changed
            .Where(options => checks.KindFor(options.Old) is not CheckKind.None)
            .Select(options => options.Backend);
        foreach (Backend backend in change.Added.Concat(noLongerChecked))
            ReturnUnchecked(_records.Of(backend), flips);
        if (!flips.IsEmpty)
            return; // this is called again when the flips are published
        foreach (BackendGroup group in _pool.Snapshot.Groups.Where(group => group.Pool.Available.Count == 0))
            flips.ReturnEjected(group.Pool.All.Select(_records.Of), "no other backend is healthy");
    });

    private void Follow(HealthCheckOptions before, HealthCheckOptions now) => Change(flips =>
    {
        foreach (BackendHealth record in _records.Current)
        {
            if (before.KindFor(record.Backend.Options) is not CheckKind.None)
                ReturnUnchecked(record, flips);
        }
    });

    // Decides and publishes under the lock, and raises the event after it was released; also after a defect, since the pool has published
    // the flips.
    private void Change(Action<HealthFlips> decide)
    {
        var flips = new HealthFlips(_pool, _logger);
        try
        {
            lock (_gate)
            {
                decide(flips);
                flips.Publish();
                foreach (HealthFlip flip in flips.Published)
                    Flipped?.Invoke(flip);
            }
        }
        finally
        {
            flips.Raise();
        }
    }

    // Without checks, nothing else would make the backend healthy again.
    private void ReturnUnchecked(BackendHealth record, HealthFlips flips)
    {
        if (!record.Backend.IsHealthy && !record.IsEjected && _options.Value.KindFor(record.Backend.Options) is CheckKind.None)
            flips.Return(record, HealthFlipCause.Configuration, "it is no longer checked");
    }
}
