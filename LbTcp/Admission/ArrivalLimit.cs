using LbTcp.Configuration;

namespace LbTcp.Admission;

/// <summary>
/// A maximum rate of arrivals with a burst, by the Generic Cell Rate Algorithm in its form as virtual scheduling (ITU-T I.371, annex A):
/// all that is kept is one timestamp, when the next arrival would be expected if all came at exactly the rate. At most burst + rate x time
/// arrivals are admitted in any time.
/// <para>Not System.Threading.RateLimiting: a limiter per source takes about half a kilobyte and a partitioned one works with timers, so a
/// flood of addresses would take gigabytes.</para>
/// </summary>
/// <param name="Interval">The time from one arrival to the next, in the clock's timestamps.</param>
/// <param name="Tolerance">How much earlier than expected an arrival may come: the intervals of the burst except one.</param>
internal sealed record ArrivalLimit(long Interval, long Tolerance)
{
    /// <summary>Converts the settings.</summary>
    /// <param name="rate">The rate; null for no limit.</param>
    /// <param name="burst">The burst; null for the arrivals of one second, at least one.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <returns>The limit; null for none.</returns>
    public static ArrivalLimit? Of(EventRate? rate, int? burst, TimeProvider timeProvider)
    {
        if (rate is not { } given)
            return null;
        double period = given.Period.TotalSeconds;
        long interval = (long)Math.Ceiling(period * timeProvider.TimestampFrequency / given.Count); // never more than the rate
        int atOnce = burst ?? Math.Max(1, (int)(given.Count / period));
        return new ArrivalLimit(interval, (atOnce - 1) * interval);
    }

    /// <summary>Admits an arrival, or tells when one would be admitted.</summary>
    /// <param name="expected">When it is expected; replaced if it is admitted.</param>
    /// <param name="now">The time.</param>
    /// <param name="dueAt">When to try again, if it is refused.</param>
    public bool TryTake(ref long expected, long now, out long dueAt)
    {
        dueAt = expected - Tolerance;
        if (now < dueAt)
            return false;
        expected = Math.Max(expected, now) + Interval;
        return true;
    }
}
