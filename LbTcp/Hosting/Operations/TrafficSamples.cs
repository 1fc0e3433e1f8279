using LbTcp.Diagnostics;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// The latest samples of the traffic of a service or a backend: the totals of the last ten seconds, and the connect times of the last
/// minute. A backend without traffic needs no sample: its totals stay those of the sample before. Not thread-safe: the lock of the
/// <see cref="TrafficSampler"/> guards it.
/// </summary>
internal sealed class TrafficSamples
{
    private const int Quarters = 4;

    private readonly (long At, TrafficTotals Totals)[] _totals = new (long, TrafficTotals)[SampleTimes.Capacity];
    private readonly Queue<HistogramCounts> _quarters = new([HistogramCounts.Empty]);
    private HistogramCounts _latestQuarter = HistogramCounts.Empty;
    private int _count;
    private long _quarter = -1;

    /// <summary>Adds the totals of this moment, unless they are those of the sample before.</summary>
    /// <param name="at">The moment, in the clock's timestamps.</param>
    /// <param name="totals">The totals.</param>
    public void Add(long at, TrafficTotals totals)
    {
        if (totals != Latest)
            _totals[_count++ % _totals.Length] = (at, totals);
    }

    /// <summary>The averages of a time up to the latest sample.</summary>
    /// <param name="begin">The begin: the moment of one of the samples, at most <see cref="SampleTimes.Capacity"/> of them ago.</param>
    /// <param name="duration">How long ago that was at the latest sample.</param>
    public TrafficRates Rates(long begin, TimeSpan duration)
    {
        TrafficTotals before = default; // all counts begin with the first sample
        for (int i = Math.Max(0, _count - _totals.Length); i < _count && _totals[i % _totals.Length].At <= begin; i++)
            before = _totals[i % _totals.Length].Totals;
        return TrafficRates.Of(Latest - before, duration);
    }

    /// <summary>Returns whether a quarter of a minute begins: whether it is another one than at the last call.</summary>
    /// <param name="quarter">The number of the quarter.</param>
    public bool Enter(long quarter)
    {
        if (quarter == _quarter)
            return false;
        _quarter = quarter;
        return true;
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

    private TrafficTotals Latest => _count == 0 ? default : _totals[(_count - 1) % _totals.Length].Totals;
}
