using LbTcp.Diagnostics;

namespace LbTcp.Health;

/// <summary>
/// The time within which a check must be answered. A healthy backend that usually answers fast is allowed only a part of the timeout, so
/// that one that has vanished is noticed sooner; every other backend is allowed all of it.
/// </summary>
/// <param name="Time">The time; at most <paramref name="Timeout"/>.</param>
/// <param name="Timeout">The maximum duration of a probe, whose answer may come too late for its check.</param>
/// <param name="Usual">What a check of the backend usually takes, if the limit was derived from it.</param>
internal readonly record struct CheckLimit(TimeSpan Time, TimeSpan Timeout, TimeSpan? Usual)
{
    private const int UsualTimes = 10;
    private const int ShortestPart = 4;
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(250); // for pauses of a busy backend
    private static readonly TimeSpan _shortestShownUsual = TimeSpan.FromMilliseconds(0.1);

    /// <summary>Whether the check ends before the probe has to.</summary>
    public bool IsShort => Time < Timeout;

    /// <summary>
    /// Computes the limit: ten times the usual time of a check, but at least a quarter of <paramref name="timeout"/> and 250 ms; all of the
    /// timeout if one failed check is enough to make the backend unhealthy, since a single lost packet is retransmitted only after a second
    /// (RFC 6298).
    /// </summary>
    /// <param name="timeout">The maximum duration of a check.</param>
    /// <param name="fall">The number of failed checks in a row that make the backend unhealthy.</param>
    /// <param name="health">The health record of the backend.</param>
    public static CheckLimit For(TimeSpan timeout, int fall, BackendHealth health)
    {
        if (fall < 2 || !health.Backend.IsHealthy || health.UsualCheckTime.Value is not { } usual)
            return new CheckLimit(timeout, timeout, null);
        TimeSpan time = Longer(Shortest(timeout), usual * UsualTimes);
        return time < timeout ? new CheckLimit(time, timeout, usual) : new CheckLimit(timeout, timeout, null);
    }

    /// <summary>Returns the shortest limit that there is with <paramref name="timeout"/>.</summary>
    public static TimeSpan Shortest(TimeSpan timeout)
    {
        TimeSpan shortest = Longer(timeout / ShortestPart, _shortest);
        return shortest < timeout ? shortest : timeout;
    }

    /// <summary>
    /// Returns what a successful check counts for the usual time: at most its limit, so that an answer to a retransmitted packet lengthens
    /// the next limits only a little; the first one at most a tenth of the shortest limit, since nothing is prepared at the start.
    /// </summary>
    /// <param name="duration">The time that the check took.</param>
    /// <param name="timeout">The maximum duration of a check.</param>
    /// <param name="usual">The usual time so far.</param>
    public static TimeSpan Sample(TimeSpan duration, TimeSpan timeout, TimeSpan? usual)
    {
        TimeSpan most = usual is { } known ? Longer(Shortest(timeout), known * UsualTimes) : Shortest(timeout) / UsualTimes;
        return duration < most ? duration : most;
    }

    /// <summary>Returns the result of a check that was not answered in time, with what it is usually answered in.</summary>
    /// <param name="result">The result of the probe; null if it has none yet.</param>
    public ProbeResult Exceeded(ProbeResult? result) => new(
        ProbeOutcome.Unhealthy,
        $"{result?.Detail ?? $"timed out after {DurationText.Of(Time)}"}"
        + (Usual is { } usual ? $", usually answered in {DurationText.Of(Longer(usual, _shortestShownUsual))}" : ""),
        result?.Hint);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
