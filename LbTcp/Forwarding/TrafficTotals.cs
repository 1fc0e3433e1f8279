namespace LbTcp.Forwarding;

/// <summary>The few counts of a service or a backend that rates follow from.</summary>
/// <param name="Connections">Of a service, accepted connections; of a backend, the dials that it was picked for.</param>
/// <param name="Failures">Failed connections and dials together.</param>
/// <param name="Bytes">Bytes, those of open connections included.</param>
internal readonly record struct TrafficTotals(long Connections, long Failures, ByteCounts Bytes)
{
    /// <summary>What was counted in both.</summary>
    public static TrafficTotals operator +(TrafficTotals one, TrafficTotals other) =>
        new(one.Connections + other.Connections, one.Failures + other.Failures, one.Bytes + other.Bytes);

    /// <summary>What was counted in between.</summary>
    public static TrafficTotals operator -(TrafficTotals later, TrafficTotals earlier) =>
        new(later.Connections - earlier.Connections, later.Failures - earlier.Failures, later.Bytes - earlier.Bytes);
}
