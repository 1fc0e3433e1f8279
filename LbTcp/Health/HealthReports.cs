using System.Collections.Concurrent;

namespace LbTcp.Health;

/// <summary>
/// The reports of checks and real traffic that may flip a backend and are not decided yet. Reports are added by any number of threads,
/// which never wait for a decision or a publication; they are taken by one thread at a time.
/// </summary>
internal sealed class HealthReports
{
    private readonly ConcurrentQueue<CheckReport> _checks = [];
    private readonly ConcurrentQueue<TrafficReport> _traffic = [];
    private bool _isPending;

    /// <summary>
    /// Raised by the first report after <see cref="Begin"/>, on the thread that added it. Handlers must not block.
    /// </summary>
    public event Action? Pending;

    /// <summary>Whether a report was added since <see cref="Begin"/>.</summary>
    public bool IsPending => Volatile.Read(ref _isPending);

    /// <summary>Adds the result of a check.</summary>
    public void Add(in CheckReport report)
    {
        _checks.Enqueue(report);
        Announce();
    }

    /// <summary>Adds a failure of real traffic that calls for an ejection.</summary>
    public void Add(in TrafficReport report)
    {
        _traffic.Enqueue(report);
        Announce();
    }

    /// <summary>
    /// Begins to take reports: one that is added from now on is announced, whether it is taken this time or next time.
    /// </summary>
    public void Begin() => Interlocked.Exchange(ref _isPending, false); // a full fence before the first report is taken

    /// <summary>Takes the oldest result of a check.</summary>
    public bool TryTake(out CheckReport report) => _checks.TryDequeue(out report);

    /// <summary>Takes the oldest failure of real traffic.</summary>
    public bool TryTake(out TrafficReport report) => _traffic.TryDequeue(out report);

    private void Announce()
    {
        if (!Interlocked.Exchange(ref _isPending, true))
            Pending?.Invoke();
    }
}

/// <summary>The result of a check that may flip the backend.</summary>
/// <param name="Record">The record of the backend.</param>
/// <param name="Result">The result.</param>
/// <param name="CompletesStreak">Whether rise or fall is reached.</param>
/// <param name="Begun">When the probe began, as a timestamp of the clock.</param>
internal readonly record struct CheckReport(BackendHealth Record, ProbeResult Result, bool CompletesStreak, long Begun);

/// <summary>A failure of real traffic that calls for an ejection.</summary>
/// <param name="Record">The record of the backend.</param>
/// <param name="Cause">The kind of failure.</param>
/// <param name="Reason">What went wrong, for the log.</param>
/// <param name="Failures">The number of failures in a row.</param>
internal readonly record struct TrafficReport(BackendHealth Record, HealthFlipCause Cause, string Reason, int Failures);
