using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// Combines what checks and what real traffic report about the backends of a pool, and changes their health in the pool. A backend is
/// healthy, unhealthy by its checks, or ejected by real traffic. An ejected one returns with its first successful check, when the time of
/// the ejection has passed, or when no other backend is available; checks that fail in the meantime make it unhealthy by its checks. One
/// that is ejected for silence returns only with a check that its program has answered (see <see cref="BackendHealth.AwaitsAnswer"/>).
/// Reports are recorded without waiting, on the threads of connections and checks; <see cref="Decide"/> flips the backends that they
/// concern, on a thread of its own and all of them together. Safe for use by any number of threads unless noted otherwise.
/// </summary>
internal sealed class PoolHealth : IConnectTracker, IAnswerTracker
{
    // Between the first report and the decision. Meanwhile retries serve the clients, and however many backends flip, the pool publishes at
    // most 200 times a second.
    private static readonly TimeSpan _decisionDelay = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(250);

    // Silent connections that are enough for picks to avoid a backend that is never ejected; the default of ejections.
    private static readonly int _silencesWithoutEjection = PassiveHealthSettings.Fall.Default;

    private readonly HealthRecords _records;
    private readonly HealthReports _reports = new();
    private readonly HealthDecisions _decisions;
    private readonly CurrentOptions<PassiveHealthOptions> _options;

    /// <summary>Creates the health of <paramref name="pool"/> and follows changes of the pool.</summary>
    public PoolHealth(
        BackendPool pool,
        CurrentOptions<HealthCheckOptions> checkOptions,
        CurrentOptions<PassiveHealthOptions> options,
        TimeProvider timeProvider,
        ILogger<PoolHealth> logger,
        bool keepsHistory = false)
    {
        _records = new HealthRecords(checkOptions, options, timeProvider, keepsHistory);
        _options = options;
        _decisions = new HealthDecisions(pool, _records, _reports, checkOptions, logger);
    }

    /// <summary>
    /// Raised when <see cref="Tick"/> has become shorter, because a report waits for a decision; on the thread that reports, which must not
    /// be blocked.
    /// </summary>
    public event Action? Reported
    {
        add => _reports.Pending += value;
        remove => _reports.Pending -= value;
    }

    /// <inheritdoc cref="HealthDecisions.Flipped"/>
    public event Action<HealthFlip>? Flipped
    {
        add => _decisions.Flipped += value;
        remove => _decisions.Flipped -= value;
    }

    /// <summary>
    /// The time until <see cref="Decide"/> should be called: a few milliseconds while a report waits, otherwise a quarter of the base time
    /// of ejections, within bounds.
    /// </summary>
    public TimeSpan Tick => _reports.IsPending ? _decisionDelay : EjectionTick;

    private TimeSpan EjectionTick =>
        TimeSpan.FromTicks(Math.Clamp(_options.Value.EjectionTime.Ticks / 4, _shortestTick.Ticks, _longestTick.Ticks));

    /// <summary>The record of each backend of the pool, in the order of the pool. The list is immutable; a change replaces it.</summary>
    public IReadOnlyList<BackendHealth> Backends => _records.Current;

    /// <summary>Returns the record of <paramref name="backend"/>.</summary>
    public BackendHealth RecordOf(Backend backend) => _records.Of(backend);

    /// <summary>
    /// Records the result of one check. Must be called by one thread at a time for each backend. A result for a backend that is no longer
    /// in the pool is ignored. So is a success of an ejected backend if the probe began before the last failure of real traffic: it shows
    /// how the backend was before it failed. A failure always counts, since a few of them in a row must agree.
    /// </summary>
    /// <param name="record">The record of the backend.</param>
    /// <param name="result">The result.</param>
    /// <param name="begun">When the probe began, as a timestamp of the clock.</param>
    /// <returns>Whether the backend is between states, so that its next check should come soon.</returns>
    public bool RecordCheck(BackendHealth record, ProbeResult result, long begun)
    {
        if (!record.Backend.IsInPool)
            return false;
        bool isHealthy = record.Backend.IsHealthy;
        bool isEjected = record.IsEjected;
        bool isSuccess = result.Outcome is ProbeOutcome.Healthy;
        if (isEjected && isSuccess && record.Traffic.HasFailedSince(begun))
            return true;
        if (isSuccess && result.IsAnswer && !record.AwaitsAnswer && !record.Traffic.HasFailedSince(begun)) // an answer to FIN is a trial
            Answered(record.Backend);
        bool completesStreak = record.Checks.Record(result.Outcome, isHealthy || isEjected);
        if (isEjected && isSuccess && !record.IsReturnedBy(in result, begun))
            return record.Checks.IsBetweenStates; // nor would the next one be returned by such a check
        if (!completesStreak && (isHealthy || !isSuccess))
            return record.IsBetweenStates;
        _reports.Add(new CheckReport(record, result, completesStreak, begun));
        return record.Checks.IsBetweenStates;
    }

    /// <inheritdoc/>
    public void Reached(Backend backend)
    {
        OutlierTracker traffic = RecordOf(backend).Traffic;
        if (traffic.Failures > 0)
            traffic.RecordSuccess();
    }

    /// <inheritdoc/>
    public void Failed(Backend backend, SocketError error)
    {
        if (SocketErrors.IsUnreachable(error))
            RecordFailure(backend, HealthFlipCause.Traffic, SocketErrors.Describe(error));
    }

    public void Failed(Backend backend, string reason) => RecordFailure(backend, HealthFlipCause.Traffic, reason);

    /// <inheritdoc/>
    public void Unanswered(Backend backend, TimeSpan silence)
    {
        string reason = $"no answer in {DurationText.Of(silence)} to connection attempts of clients, another backend answered sooner";
        RecordFailure(backend, HealthFlipCause.Hedge, reason);
    }

    /// <inheritdoc/>
    public void SentNothing(Backend backend, TimeSpan silence)
    {
        BackendHealth record = RecordOf(backend);
        record.RequestProbe();
        if (!record.Traffic.RecordSilence(out int silences) || !backend.IsHealthy || !record.TryRequestEjection())
            return;
        string reason = $"no answer in {DurationText.Of(silence)} to what a client sent";
        _reports.Add(new TrafficReport(record, HealthFlipCause.Silence, reason, silences));
    }

    /// <inheritdoc/>
    public void Answered(Backend backend)
    {
        OutlierTracker traffic = RecordOf(backend).Traffic;
        if (traffic.Silences > 0)
            traffic.RecordAnswer();
    }

    /// <inheritdoc/>
    public int SilencesLeft(Backend backend)
    {
        int fall = _options.Value.Fall is > 0 and int enough ? enough : _silencesWithoutEjection;
        return Math.Max(1, fall - RecordOf(backend).Traffic.Silences);
    }

    /// <inheritdoc/>
    public bool IsOnTrial(Backend backend) => RecordOf(backend).Traffic.Silences > 0 && SilencesLeft(backend) == 1;

    /// <summary>
    /// Decides what was reported since the last call, and returns ejected backends whose ejection time has passed. All flips are published
    /// together. Must be called on every tick.
    /// </summary>
    public void Decide() => _decisions.Decide();

    private void RecordFailure(Backend backend, HealthFlipCause cause, string reason)
    {
        BackendHealth record = RecordOf(backend);
        record.RequestProbe();
        if (record.Traffic.RecordFailure(out int failures) && backend.IsHealthy && record.TryRequestEjection())
            _reports.Add(new TrafficReport(record, cause, reason, failures));
    }
}
