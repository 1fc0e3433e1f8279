using LbTcp.Diagnostics;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// The latest samples of the traffic of a service or a backend: the totals of the last ten seconds, and the connect times of the last
/// minute. Not thread-safe: the lock of the <see cref="TrafficSampler"/> guards it.
/// </summary>
internal sealed class TrafficSamples
{
    private const int Totals = 11; // the ends of ten intervals of a second
    private const int Quarters = 4;

    private readonly (long At, TrafficTotals Totals)[] _totals = new (long, TrafficTotals)[Totals];
    private readonly Queue<HistogramCounts> _quarters = new([HistogramCounts.Empty]);
    private HistogramCounts _latestQuarter = HistogramCounts.Empty;
    private int _count;

    /// <summary>Adds the totals of this moment.</summary>
    /// <param name="at">The moment, in the clock's timestamps.</param>
    /// <param name="previousAt">The moment of the sample before.</param>
    /// <param name="totals">The totals.</param>
    /// <returns>What was counted since the sample before.</returns>
    public TrafficTotals Add(long at, long previousAt, TrafficTotals totals)
    {
        if (_count == 0)
            Put(previousAt, default); // its counts begin with this sample
        else if (Latest.At != previousAt)
            _count = 0; // it was not sampled for a time, as it did not belong to the service
        TrafficTotals before = _count == 0 ? totals : Latest.Totals;
        Put(at, totals);
        return totals - before;
    }

    /// <summary>The averages of the last ten seconds.</summary>
    public TrafficRates Rates(TimeProvider timeProvider)
    {
        if (_count < 2)
            return default;
        (long at, TrafficTotals totals) = _totals[_count > Totals ? _count % Totals : 0];
        return TrafficRates.Of(Latest.Totals - totals, timeProvider.GetElapsedTime(at, Latest.At));
    }

    /// <summary>Begins the next quarter of a minute, unless there was no connection in this one.</summary>
    /// <param name="connect">The connect times so far.</param>
    public void BeginQuarter(HistogramCounts connect)
    {
        if (connect.Count == _latestQuarter.Count)
            return;
        if (_quarters.Count == Quarters)
            _ = _quarters.Dequeue();
        _quarters.Enqueue(_latestQuarter = connect);
    }

    /// <summary>The connect times of the last quarters of a minute that had connections.</summary>
    /// <param name="connect">The connect times so far.</param>
    public HistogramCounts Recent(HistogramCounts connect) => connect.Since(_quarters.Peek());

    private (long At, TrafficTotals Totals) Latest => _totals[(_count - 1) % Totals];

    private void Put(long at, TrafficTotals totals) => _totals[_count++ % Totals] = (at, totals);
}
