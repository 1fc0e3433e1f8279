namespace LbTcp.Diagnostics;

/// <summary>Keeps what happens again and again from filling the log. May be asked from any thread.</summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="period">How far apart two lines are at least.</param>
internal sealed class LogThrottle(TimeProvider timeProvider, TimeSpan period)
{
    private readonly Lock _gate = new();
    private long _lastPass;
    private bool _hasPassed;

    /// <summary>Whether a line may be written now; true at most once a period.</summary>
    public bool TryPass()
    {
        lock (_gate)
        {
            if (_hasPassed && timeProvider.GetElapsedTime(_lastPass) < period)
                return false;
            _hasPassed = true;
            _lastPass = timeProvider.GetTimestamp();
            return true;
        }
    }
}
