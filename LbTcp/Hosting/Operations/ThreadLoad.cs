namespace LbTcp.Hosting.Operations;

/// <summary>
/// Measures the share of time for which threads use a processor, from one sample to the next. The threads themselves are not involved.
/// Safe for use by any number of threads.
/// </summary>
/// <param name="readProcessorTime">Returns how long a thread has used a processor, by its number; null if that is unknown.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ThreadLoad(Func<int, TimeSpan?> readProcessorTime, TimeProvider timeProvider)
{
    // Several readers share a sample: the intervals between their calls are too short for one of their own.
    private static readonly TimeSpan _shortestInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Sample> _samples = [];

    /// <summary>Returns the share of time for which a thread used a processor since the last sample, 0 to 1; 0 at the first call.</summary>
    public double Read(int thread)
    {
        lock (_gate)
        {
            if (_samples.TryGetValue(thread, out Sample last) && timeProvider.GetElapsedTime(last.TakenAt) < _shortestInterval)
                return last.Ratio;
            if (readProcessorTime(thread) is not { } used)
                return 0;
            double ratio = last.TakenAt == 0 ? 0 : (used - last.Used) / timeProvider.GetElapsedTime(last.TakenAt);
            _samples[thread] = new Sample(timeProvider.GetTimestamp(), used, Math.Clamp(ratio, 0, 1));
            return _samples[thread].Ratio;
        }
    }

    private readonly record struct Sample(long TakenAt, TimeSpan Used, double Ratio);
}
