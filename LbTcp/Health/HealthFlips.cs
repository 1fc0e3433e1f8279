using LbTcp.Backends;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// The flips of one batch: they are planned one by one, published by the pool together, and logged one by one. The caller plans and
/// publishes under its lock, so that pool and record never contradict each other, and raises the pool's event after releasing the lock.
/// A backend flips at most once per batch; the first plan counts. Not thread-safe.
/// </summary>
internal sealed partial class HealthFlips(BackendPool pool, ILogger logger)
{
    private readonly OrderedDictionary<Backend, HealthFlip> _planned = [];
    private readonly List<HealthFlip> _confirmed = [];
    private PoolChange? _change;

    /// <summary>The flips that were confirmed, then those that were published, in order.</summary>
    public IEnumerable<HealthFlip> Published =>
        _confirmed.Concat(_change?.Flipped.Select(backend => _planned[backend]) ?? []);

    /// <summary>Whether nothing is planned.</summary>
    public bool IsEmpty => _planned.Count == 0;

    /// <summary>Returns whether <paramref name="backend"/> is healthy once the planned flips are published.</summary>
    public bool WillBeHealthy(Backend backend) =>
        _planned.TryGetValue(backend, out HealthFlip? flip) ? flip.IsHealthy : backend.IsHealthy;

    /// <summary>Plans to make a backend unhealthy because of failed checks.</summary>
    /// <param name="record">The record of the backend.</param>
    /// <param name="result">The result of the latest check.</param>
    /// <param name="failures">The number of failed checks in a row.</param>
    public void MakeUnhealthy(BackendHealth record, ProbeResult result, int failures) =>
        Plan(new HealthFlip(record, IsHealthy: false, HealthFlipCause.Checks, result.Detail, failures, result.Hint));

    /// <summary>Ends an ejection, because checks fail as well: the backend is unhealthy by its checks from now on.</summary>
    /// <param name="record">The record of the backend.</param>
    /// <param name="result">The result of the latest check.</param>
    public void Confirm(BackendHealth record, ProbeResult result)
    {
        record.Traffic.Return();
        _confirmed.Add(new HealthFlip(record, IsHealthy: false, HealthFlipCause.Checks, result.Detail, 0, result.Hint)
        {
            IsConfirmation = true,
        });
    }

    /// <summary>Plans to eject a backend.</summary>
    /// <param name="record">The record of the backend.</param>
    /// <param name="cause">The kind of the latest failure of real traffic.</param>
    /// <param name="reason">The latest failure of real traffic.</param>
    /// <param name="failures">The number of failed connections in a row.</param>
    public void Eject(BackendHealth record, HealthFlipCause cause, string reason, int failures) =>
        Plan(new HealthFlip(record, IsHealthy: false, cause, reason, failures));

    /// <summary>Plans to make a backend healthy, which ends its ejection if there is one.</summary>
    /// <param name="record">The record of the backend.</param>
    /// <param name="cause">What caused it.</param>
    /// <param name="reason">The reason, for the log.</param>
    /// <param name="successes">The number of successful checks in a row that led to it.</param>
    public void Return(BackendHealth record, HealthFlipCause cause, string reason, int successes = 0) =>
        Plan(new HealthFlip(record, IsHealthy: true, cause, reason, successes));

    /// <summary>Plans to make the ejected backends among <paramref name="records"/> healthy.</summary>
    public void ReturnEjected(IEnumerable<BackendHealth> records, string reason)
    {
        foreach (BackendHealth record in records)
        {
            if (record.IsEjected)
                Return(record, HealthFlipCause.Traffic, reason);
        }
    }

    /// <summary>
    /// Publishes the planned flips, except those of backends that were removed or marked from outside meanwhile, and logs each of them.
    /// </summary>
    public void Publish()
    {
        if (IsEmpty)
            return;
        int healthy = pool.GetHealthyBackends().Count;
        _change = pool.Flip(_planned.Values.Select(flip => (flip.Record.Backend, flip.IsHealthy)));
        foreach (Backend backend in _change?.Flipped ?? [])
        {
            HealthFlip flip = _planned[backend];
            healthy += flip.IsHealthy ? 1 : -1;
            if (flip.IsHealthy)
                Returned(flip, healthy);
            else
                WentDown(flip, healthy);
        }
    }

    /// <summary>Raises the pool's event for what was published. The caller must not hold a lock.</summary>
    public void Raise()
    {
        if (_change is not null)
            pool.Raise(_change);
    }

    private void Plan(HealthFlip flip)
    {
        if (flip.Record.Backend.IsHealthy != flip.IsHealthy)
            _ = _planned.TryAdd(flip.Record.Backend, flip);
    }

    private void Returned(HealthFlip flip, int healthy)
    {
        flip.Record.Traffic.Return();
        Log.BackendUp(logger, flip.Record.Backend.Name, flip.Reason, flip.Count, healthy, pool.GetAllBackends().Count);
    }

    private void WentDown(HealthFlip flip, int healthy)
    {
        string reason = flip.IsEjection ? $"{flip.Reason}{Eject(flip)}" : flip.Reason;
        Log.BackendDown(logger, flip.Record.Backend.Name, reason, flip.Count, healthy, pool.GetAllBackends().Count, flip.Hint);
    }

    private static string Eject(HealthFlip flip)
    {
        BackendHealth record = flip.Record;
        if (flip.Cause is not HealthFlipCause.Silence)
        {
            string whose = flip.Cause is HealthFlipCause.Traffic ? " for clients" : "";
            return $"{whose}, ejected for {DurationText.Of(record.Traffic.Eject())}";
        }

        TimeSpan time = record.Traffic.Eject(isForSilence: true);
        record.RequestProbe(); // of the program, where an earlier one has asked the system
        if (!record.AwaitsAnswer)
            return $", ejected for {DurationText.Of(time)}";
        string atLeast = record.Traffic.IsRepeated ? $"for {DurationText.Of(time)} and " : "";
        return $", ejected {atLeast}until it answers a check, at most for {DurationText.Of(record.Traffic.LongestTime)}";
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.BackendUp, LogLevel.Information,
            "backend is healthy, was unhealthy backend={Backend} reason={Reason} successes={Successes} healthy={Healthy} total={Total}")]
        public static partial void BackendUp(ILogger logger, string backend, string reason, int successes, int healthy, int total);

        [LoggerMessage(EventIds.BackendDown, LogLevel.Warning,
            "backend is unhealthy, was healthy backend={Backend} reason={Reason} failures={Failures} healthy={Healthy} total={Total} "
            + "hint={Hint}")]
        public static partial void BackendDown(
            ILogger logger, string backend, string reason, int failures, int healthy, int total, string? hint);
    }
}
