namespace LbTcp.Backends;

/// <summary>
/// What something usually takes: a moving average of its times, each of which counts one eighth, as the smoothed round trip of TCP (RFC
/// 6298, section 2). Resolution one microsecond. May be used from any number of threads; of samples that are recorded at the same time one
/// may be lost.
/// </summary>
internal sealed class SmoothedTime
{
    private const int Unknown = -1;

    private int _microseconds = Unknown;

    /// <summary>The average; null before the first sample.</summary>
    public TimeSpan? Value =>
        Volatile.Read(in _microseconds) is >= 0 and int microseconds ? TimeSpan.FromMicroseconds(microseconds) : null;

    /// <summary>Records a time; longer ones than half an hour count as that.</summary>
    public void Record(TimeSpan time)
    {
        int sample = (int)Math.Clamp(time.TotalMicroseconds, 0, TimeSpan.MicrosecondsPerHour / 2);
        int before = Volatile.Read(in _microseconds);
        int after = before is Unknown ? sample : before + ((sample - before) / 8);
        if (after != before) // otherwise other threads that read it would wait for the memory
            Volatile.Write(ref _microseconds, after);
    }
}
