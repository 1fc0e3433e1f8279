using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <summary>
/// The flips of one operation. A flip changes the health of a backend in the pool and logs it; the operation flips backends under its lock,
/// so that pool and record never contradict each other, and raises the pool's events after releasing the lock. Not thread-safe.
/// </summary>
internal sealed partial class HealthFlips(BackendPool pool, ILogger logger)
{
    private readonly List<PoolChange> _changes = [];

    /// <summary>Makes a backend unhealthy because of failed checks.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="result">The result of the latest check.</param>
    /// <param name="failures">The number of failed checks in a row.</param>
    public void MakeUnhealthy(Backend backend, ProbeResult result, int failures)
    {
        if (TryFlip(backend, isHealthy: false))
            LogDown(backend, result.Detail, failures, result.Hint);
    }

    /// <summary>Ejects a backend because of <paramref name="error"/>, the latest error of real traffic.</summary>
    public void Eject(BackendHealth record, SocketError error)
    {
        if (!TryFlip(record.Backend, isHealthy: false))
            return; // it was removed, or marked unhealthy from outside
        int failures = record.Traffic.Failures;
        string length = DurationText.Of(record.Traffic.Eject());
        LogDown(record.Backend, $"{SocketErrors.Describe(error)} for clients, ejected for {length}", failures, hint: null);
    }

    /// <summary>Makes a backend healthy and ends its ejection, if there is one.</summary>
    /// <param name="record">The record of the backend.</param>
    /// <param name="reason">The reason, for the log.</param>
    /// <param name="successes">The number of successful checks in a row that led to it.</param>
    public void Return(BackendHealth record, string reason, int successes = 0)
    {
        Backend backend = record.Backend;
        if (TryFlip(backend, isHealthy: true))
            Log.BackendUp(logger, backend.Name, reason, successes, pool.GetHealthyBackends().Count, pool.GetAllBackends().Count);
        if (backend.IsHealthy)
            record.Traffic.Return();
    }

    /// <summary>Makes the ejected backends among <paramref name="records"/> healthy.</summary>
    public void ReturnEjected(IEnumerable<BackendHealth> records, string reason)
    {
        foreach (BackendHealth record in records)
        {
            if (record.IsEjected)
                Return(record, reason);
        }
    }

    /// <summary>Raises the pool's events for all flips. The caller must not hold a lock.</summary>
    public void Raise() => _changes.ForEach(pool.Raise);

    private bool TryFlip(Backend backend, bool isHealthy)
    {
        if (pool.Flip(backend, isHealthy) is not { } change)
            return false;
        _changes.Add(change);
        return true;
    }

    private void LogDown(Backend backend, string reason, int failures, string? hint) =>
        Log.BackendDown(logger, backend.Name, reason, failures, pool.GetHealthyBackends().Count, pool.GetAllBackends().Count, hint);

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
