using LbTcp.Configuration;

namespace LbTcp.Health;

/// <summary>
/// Tracks what real traffic reports about one backend: failures in a row, and ejections. Each ejection lasts longer than the previous one
/// by the base time, and each base time that passes without an ejection takes one off the count, as in Envoy's outlier detection. Results
/// of connections are recorded without a lock by any number of threads; ejections begin and end on one thread at a time.
/// </summary>
/// <param name="options">When to eject, and for how long.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class OutlierTracker(CurrentOptions<PassiveHealthOptions> options, TimeProvider timeProvider)
{
    private long _failures; // does not overflow, however long a backend fails
    private long _failedAt = long.MinValue;
    private long _silences;
    private volatile bool _isEjected;
    private volatile bool _isForSilence;
    private int _ejections;
    private long _since = timeProvider.GetTimestamp();
    private TimeSpan _length;

    /// <summary>The number of connections in a row that could not be established. Safe to read from any thread.</summary>
    public int Failures => (int)Math.Min(Volatile.Read(ref _failures), int.MaxValue);

    /// <summary>
    /// The number of connections in a row on which the backend sent nothing. A count of its own, because the system of a program that hangs
    /// goes on to accept connections. Safe to read from any thread.
    /// </summary>
    public int Silences => (int)Math.Min(Volatile.Read(ref _silences), int.MaxValue);

    /// <summary>Whether the latest ejection is for silence rather than for failed connections. Safe to read from any thread.</summary>
    public bool IsForSilence => _isForSilence;

    /// <summary>Whether the backend was ejected and has not returned. Safe to read from any thread.</summary>
    public bool IsEjected => _isEjected;

    /// <summary>Whether the time of the ejection has passed.</summary>
    public bool IsOver => IsEjected && timeProvider.GetElapsedTime(_since) >= _length;

    /// <summary>The time until the ejection ends; zero if it has passed or if there is none.</summary>
    public TimeSpan TimeLeft => LeftOf(_length);

    /// <summary>The maximum duration of an ejection. Safe to read from any thread.</summary>
    public TimeSpan LongestTime => options.Value.MaxEjectionTime;

    /// <summary>The time until the maximum duration has passed; zero if it has passed or if there is no ejection.</summary>
    public TimeSpan LongestTimeLeft => LeftOf(LongestTime);

    /// <summary>
    /// Whether this ejection began soon after an earlier one, so that what ended that one has proved wrong.
    /// </summary>
    public bool IsRepeated => _ejections > 1;

    /// <summary>
    /// Returns whether a connection has failed since <paramref name="timestamp"/> of the clock. May be called from any thread.
    /// </summary>
    public bool HasFailedSince(long timestamp) => Volatile.Read(ref _failedAt) > timestamp;

    /// <summary>Records a connection that could not be established. May be called from any thread.</summary>
    /// <param name="failures">The number of failures in a row, this one included.</param>
    /// <returns>Whether the backend should be ejected.</returns>
    public bool RecordFailure(out int failures)
    {
        Volatile.Write(ref _failedAt, timeProvider.GetTimestamp());
        failures = (int)Math.Min(Interlocked.Increment(ref _failures), int.MaxValue);
        return options.Value.Fall is > 0 and int fall && failures >= fall;
    }

    /// <summary>Records a connection that was established. May be called from any thread.</summary>
    public void RecordSuccess() => Interlocked.Exchange(ref _failures, 0);

    /// <summary>Records a connection on which the backend sent nothing. May be called from any thread.</summary>
    /// <param name="silences">The number of them in a row, this one included.</param>
    /// <returns>Whether the backend should be ejected.</returns>
    public bool RecordSilence(out int silences)
    {
        Volatile.Write(ref _failedAt, timeProvider.GetTimestamp());
        silences = (int)Math.Min(Interlocked.Increment(ref _silences), int.MaxValue);
        return options.Value.Fall is > 0 and int fall && silences >= fall;
    }

    /// <summary>Records that the program of the backend has answered. May be called from any thread.</summary>
    public void RecordAnswer() => Interlocked.Exchange(ref _silences, 0);

    /// <summary>Begins an ejection.</summary>
    /// <param name="isForSilence">Whether it is for silence rather than for failed connections.</param>
    /// <returns>The duration of the ejection.</returns>
    public TimeSpan Eject(bool isForSilence = false)
    {
        _isForSilence = isForSilence;
        PassiveHealthOptions current = options.Value;
        double forgiven = Math.Floor(timeProvider.GetElapsedTime(_since) / current.EjectionTime);
        _ejections = (int)Math.Max(0, _ejections - forgiven) + 1;
        _length = current.EjectionTime * _ejections;
        _length = _length < current.MaxEjectionTime ? _length : current.MaxEjectionTime;
        _since = timeProvider.GetTimestamp();
        _isEjected = true;
        return _length;
    }

    /// <summary>
    /// Ends an ejection and resets the count of failures. The count of silent connections only goes down to one below what ejects: until
    /// the backend has answered, the next silent one ejects it again.
    /// </summary>
    public void Return()
    {
        long silences = Volatile.Read(ref _silences);
        _ = Interlocked.CompareExchange(ref _silences, Math.Min(silences, Math.Max(0, options.Value.Fall - 1)), silences);
        _isEjected = false;
        _since = timeProvider.GetTimestamp();
        RecordSuccess();
    }

    private TimeSpan LeftOf(TimeSpan length)
    {
        TimeSpan left = IsEjected ? length - timeProvider.GetElapsedTime(_since) : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
