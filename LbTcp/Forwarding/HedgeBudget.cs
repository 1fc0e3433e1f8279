namespace LbTcp.Forwarding;

/// <summary>
/// Limits hedges, so that an overload of all backends does not double the dials: on average one hedge per ten connections, and at least ten
/// a second; what is not used is kept for ten seconds. Safe for use by any number of threads.
/// </summary>
internal sealed class HedgeBudget(TimeProvider timeProvider)
{
    private const double MinPerSecond = 10;
    private const double PerConnection = 0.1;
    private const double SecondsKept = 10;

    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _since = timeProvider.GetTimestamp();
    private long _begun;
    private double _left = MinPerSecond * SecondsKept;

    /// <summary>Adds what the time and the connections since the last call allow.</summary>
    /// <param name="begun">The number of dials so far.</param>
    public void Refill(long begun)
    {
        lock (_gate)
        {
            double seconds = timeProvider.GetElapsedTime(_since).TotalSeconds;
            if (seconds < _period.TotalSeconds)
                return;
            double perSecond = Math.Max(MinPerSecond, (begun - _begun) * PerConnection / seconds);
            _left = Math.Min(_left + (perSecond * seconds), perSecond * SecondsKept);
            _since = timeProvider.GetTimestamp();
            _begun = begun;
        }
    }

    /// <summary>Takes one hedge from the budget.</summary>
    /// <returns>False if none is left.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }

    /// <summary>Returns one that was taken and not used.</summary>
    public void Return()
    {
        lock (_gate)
            _left++;
    }
}
