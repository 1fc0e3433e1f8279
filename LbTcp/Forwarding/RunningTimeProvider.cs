namespace LbTcp.Forwarding;

/// <summary>
/// A clock that stands still while this process is not running: it was stopped, the machine was suspended, or the processors were busy. A
/// peer cannot be blamed for the silence in such a pause: what it sent may be unread. The clock is advanced by periodic work that calls
/// <see cref="Beat"/>. Safe for use by any number of threads unless noted otherwise.
/// </summary>
/// <param name="clock">The clock that goes on during pauses.</param>
/// <param name="tolerance">How late a beat may be; what exceeds it is a pause.</param>
internal sealed class RunningTimeProvider(TimeProvider clock, TimeSpan tolerance) : TimeProvider
{
    private volatile State _state = new(Paused: 0, Latest: long.MaxValue);

    /// <inheritdoc/>
    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        State state = _state;
        return Math.Min(clock.GetTimestamp(), state.Latest) - state.Paused;
    }

    /// <summary>Reports that the process is running. Must be called by one thread at a time.</summary>
    /// <param name="next">The time to the next beat; infinite if nothing is timed until then, so that no pause is detected.</param>
    public void Beat(TimeSpan next)
    {
        long now = clock.GetTimestamp();
        State state = _state;
        long paused = state.Paused + Math.Max(0, now - state.Latest);
        _state = new State(paused, next == Timeout.InfiniteTimeSpan ? long.MaxValue : now + ToTimestamp(next + tolerance));
    }

    private long ToTimestamp(TimeSpan time) => (long)(time.TotalSeconds * TimestampFrequency);

    /// <param name="Paused">The length of all pauses so far.</param>
    /// <param name="Latest">The time of the inner clock at which a pause begins unless there is a beat before.</param>
    private sealed record State(long Paused, long Latest);
}
