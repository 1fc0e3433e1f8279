namespace LbTcp.Backends;

/// <summary>
/// Lets a backend that has come back take its full share of new connections only by and by: the share rises linearly from a tenth to the whole,
/// in tenths, so that the pool changes ten times and not all the time. Not thread-safe; its pool calls it.
/// </summary>
/// <param name="duration">How long the rise takes; above zero.</param>
/// <param name="timeProvider">The time.</param>
internal sealed class SlowStart(TimeSpan duration, TimeProvider timeProvider)
{
    private readonly Dictionary<Backend, long> _startedAt = [];

    /// <summary>How often <see cref="Advance"/> wants to be called: once for every tenth.</summary>
    public TimeSpan Step => duration / Backend.SharesPerWeight;

    /// <summary>Begins the rise of <paramref name="backend"/>.</summary>
    public void Begin(Backend backend)
    {
        _startedAt[backend] = timeProvider.GetTimestamp();
        backend.Ramp = 1;
    }

    /// <summary>Gives <paramref name="backend"/>, which is down, its full share for the next time.</summary>
    public void End(Backend backend)
    {
        _ = _startedAt.Remove(backend);
        backend.Ramp = Backend.SharesPerWeight;
    }

    /// <summary>Raises the shares as far as the time has come.</summary>
    /// <returns>Whether one has changed.</returns>
    public bool Advance()
    {
        bool hasChanged = false;
        foreach ((Backend backend, long startedAt) in _startedAt)
        {
            int ramp = (int)Math.Min(Backend.SharesPerWeight, 1 + (timeProvider.GetElapsedTime(startedAt).Ticks * (Backend.SharesPerWeight - 1) / duration.Ticks));
            hasChanged |= ramp != backend.Ramp;
            backend.Ramp = ramp;
            if (ramp == Backend.SharesPerWeight)
                _ = _startedAt.Remove(backend); // allowed within the loop since .NET Core 3
        }

        return hasChanged;
    }
}
