namespace LbTcp.Configuration;

/// <summary>A number of events per time, such as 20 per second.</summary>
/// <param name="Count">The number of events; at least 1.</param>
/// <param name="Period">The time; one second, minute or hour.</param>
internal readonly record struct EventRate(int Count, TimeSpan Period)
{
    /// <summary>The time from one event to the next.</summary>
    public TimeSpan Interval => Period / Count;
}
