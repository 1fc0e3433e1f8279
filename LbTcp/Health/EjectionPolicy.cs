using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Health;

/// <summary>
/// Decides whether real traffic may eject a backend: ejections are limited to half of the pool, and never take the last healthy backend
/// that clients may go to. Not thread-safe.
/// </summary>
/// <param name="pool">The pool.</param>
/// <param name="records">The health records of the pool.</param>
/// <param name="options">Sets the base time of ejections.</param>
internal sealed class EjectionPolicy(BackendPool pool, HealthRecords records, PassiveHealthOptions options)
{
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(250);

    /// <summary>The interval at which ejections should be examined for their end: a quarter of the base time, within bounds.</summary>
    public TimeSpan Tick { get; } =
        TimeSpan.FromTicks(Math.Clamp(options.EjectionTime.Ticks / 4, _shortestTick.Ticks, _longestTick.Ticks));

    private int EjectedCount => records.Current.Count(record => record.IsEjected);

    /// <summary>Returns whether <paramref name="backend"/> may be ejected now.</summary>
    public bool Allows(Backend backend) => HasAlternative(backend) && EjectedCount + 1 <= records.Current.Count / 2;

    private bool HasAlternative(Backend backend) =>
        pool.GetHealthyBackends().Any(other => other != backend && other is { Intent: BackendIntent.Ready, Weight: > 0 });
}
