using LbTcp.Configuration;

namespace LbTcp.Health;

/// <summary>
/// Tracks what real traffic reports about one backend: failures in a row, and ejections. Each ejection lasts longer than the previous one
/// by the base time, and each base time that passes without an ejection takes one off the count, as in Envoy's outlier detection. Not
/// thread-safe unless noted otherwise.
/// </summary>
/// <param name="options">When to eject, and for how long.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class OutlierTracker(PassiveHealthOptions options, TimeProvider timeProvider)
{
    private int _failures;
    private int _ejections;
    private long _since = timeProvider.GetTimestamp();
    private TimeSpan _length;

    /// <summary>The number of connections in a row that could not be established. Safe to read from any thread.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Whether the backend was ejected and has not returned.</summary>
    public bool IsEjected { get; private set; }

    /// <summary>Whether the time of the ejection has passed.</summary>
    public bool IsOver => IsEjected && timeProvider.GetElapsedTime(_since) >= _length;

    /// <summary>Records a connection that could not be established.</summary>
    /// <returns>Whether the backend should be ejected.</returns>
    public bool RecordFailure()
    {
        Volatile.Write(ref _failures, Math.Min(_failures + 1, int.MaxValue - 1));
        return options.Fall > 0 && _failures >= options.Fall;
    }

    /// <summary>Records a connection that was established.</summary>
    public void RecordSuccess() => Volatile.Write(ref _failures, 0);

    /// <summary>Begins an ejection.</summary>
    /// <returns>The duration of the ejection.</returns>
    public TimeSpan Eject()
    {
        double forgiven = Math.Floor(timeProvider.GetElapsedTime(_since) / options.EjectionTime);
        _ejections = (int)Math.Max(0, _ejections - forgiven) + 1;
        _length = options.EjectionTime * _ejections;
        _length = _length < options.MaxEjectionTime ? _length : options.MaxEjectionTime;
        _since = timeProvider.GetTimestamp();
        IsEjected = true;
        return _length;
    }

    /// <summary>Ends an ejection and resets the count of failures.</summary>
    public void Return()
    {
        IsEjected = false;
        _since = timeProvider.GetTimestamp();
        RecordSuccess();
    }
}
