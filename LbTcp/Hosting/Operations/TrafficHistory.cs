using LbTcp.Diagnostics;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// The last 15 minutes of the process or a service, in periods of 5 seconds. The history of the process outlives its services. Safe for use
/// by any number of threads.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class TrafficHistory(TimeProvider timeProvider)
{
    /// <summary>The number of periods.</summary>
    public const int Length = 180;

    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);

    private readonly Slot?[] _slots = new Slot?[Length + 1]; // one more for the current period
    private readonly Lock _gate = new();

    /// <summary>The number of the current period, which is the same in all histories with the same clock.</summary>
    public long Period => timeProvider.GetTimestamp() / Ticks;

    private long Ticks => timeProvider.TimestampFrequency * (long)_period.TotalSeconds;

    /// <summary>Adds to a period.</summary>
    /// <param name="period">The number of the period, the current one or a later one than that of any other call.</param>
    /// <param name="counted">What was counted.</param>
    /// <param name="open">The change of the number of open connections that count for the period; from zero, at first.</param>
    /// <param name="connect">The connect times.</param>
    public void Add(long period, TrafficTotals counted, int open, HistogramCounts connect)
    {
        lock (_gate)
        {
            ref Slot? slot = ref _slots[period % _slots.Length];
            if (slot?.Period != period)
                slot = new Slot(period);
            slot.Counted += counted;
            slot.Open += open;
            if (connect.Count > 0)
                slot.Connect = slot.Connect?.And(connect) ?? connect;
        }
    }

    /// <summary>The periods that are over, the oldest first.</summary>
    public IReadOnlyList<HistoryPoint> Read()
    {
        (long timestamp, DateTimeOffset now) = (timeProvider.GetTimestamp(), timeProvider.GetUtcNow());
        long current = timestamp / Ticks;
        List<HistoryPoint> points = [];
        lock (_gate)
        {
            for (long period = Math.Max(0, current - Length); period < current; period++)
            {
                if (_slots[period % _slots.Length] is { } slot && slot.Period == period)
                    points.Add(slot.ToPoint(now - timeProvider.GetElapsedTime((period + 1) * Ticks, timestamp)));
            }
        }

        return points;
    }

    private sealed class Slot(long period)
    {
        public long Period => period;

        public TrafficTotals Counted { get; set; }

        public int Open { get; set; }

        public HistogramCounts? Connect { get; set; }

        public HistoryPoint ToPoint(DateTimeOffset end)
        {
            var rates = TrafficRates.Of(Counted, _period);
            return new HistoryPoint(
                end,
                rates.Connections,
                Open,
                rates.BytesIn,
                rates.BytesOut,
                rates.Failures,
                Connect?.Quantile(0.5),
                Connect?.Quantile(0.99));
        }
    }
}
