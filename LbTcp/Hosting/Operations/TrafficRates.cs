using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>Averages per second.</summary>
/// <param name="Connections">New connections.</param>
/// <param name="Failures">Failed connections and dials.</param>
/// <param name="BytesIn">Bytes from clients.</param>
/// <param name="BytesOut">Bytes to clients.</param>
internal readonly record struct TrafficRates(double Connections, double Failures, double BytesIn, double BytesOut)
{
    /// <summary>The averages of what was counted in <paramref name="period"/>; zero if that is zero.</summary>
    public static TrafficRates Of(TrafficTotals counted, TimeSpan period)
    {
        if (period <= TimeSpan.Zero)
            return default;
        double seconds = period.TotalSeconds;
        return new TrafficRates(
            counted.Connections / seconds, counted.Failures / seconds, counted.Bytes.In / seconds, counted.Bytes.Out / seconds);
    }
}
