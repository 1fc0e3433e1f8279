namespace LbTcp.Diagnostics;

/// <summary>Limits the rate of a repeated log record. Safe for use by any number of threads.</summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="period">The minimum time between two records.</param>
internal sealed class LogThrottle(TimeProvider timeProvider, TimeSpan period)
{
    private readonly Lock _gate = new();
    private long _lastPass;
    private bool _hasPassed;

    /// <summary>Returns whether a record may be written now; true at most once per period.</summary>
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
