using LbTcp.Configuration;

namespace LbTcp.Health;

/// <summary>
/// Decides from the results of one backend's checks when its health flips: after <see cref="HealthCheckOptions.Rise"/> successes in a row
/// for one that is unhealthy, after <see cref="HealthCheckOptions.Fall"/> failures in a row for one that is healthy. Not thread-safe.
/// </summary>
/// <param name="options">Rise and fall; when they change, the next result is compared with the new ones.</param>
internal sealed class HealthTracker(CurrentOptions<HealthCheckOptions> options)
{
    private ProbeOutcome _streakOutcome;
    private int _streak;

    /// <summary>Whether the latest results contradict the backend's health, but not yet often enough to flip it.</summary>
    public bool IsBetweenStates => Streak > 0;

    /// <summary>
    /// The number of latest results in a row that contradict the backend's health and have not flipped it. Safe to read from any thread.
    /// </summary>
    public int Streak => Volatile.Read(ref _streak);

    /// <summary>Records the outcome of one check.</summary>
    /// <param name="outcome">
    /// The outcome. An inconclusive one changes nothing; an unanswered one flips nothing, but the host works, so it ends a streak of
    /// failures.
    /// </param>
    /// <param name="isHealthy">The backend's current health in the pool.</param>
    /// <returns>Whether the backend's health must flip.</returns>
    public bool Record(ProbeOutcome outcome, bool isHealthy)
    {
        if (outcome is ProbeOutcome.Inconclusive)
            return false;
        if (outcome is ProbeOutcome.Unanswered)
        {
            _streak = isHealthy ? 0 : _streak;
            return false;
        }

        if (isHealthy == outcome is ProbeOutcome.Healthy)
        {
            _streak = 0;
            return false;
        }

        // If the backend was flipped from outside during a streak, that streak no longer counts.
        if (outcome != _streakOutcome)
            _streak = 0;
        _streakOutcome = outcome;
        HealthCheckOptions current = options.Value;
        if (++_streak < (isHealthy ? current.Fall : current.Rise))
            return false;
        _streak = 0;
        return true;
    }
}
