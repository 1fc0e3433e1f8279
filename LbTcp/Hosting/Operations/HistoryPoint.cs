namespace LbTcp.Hosting.Operations;

/// <summary>The traffic of the process or of a service in a period of 5 seconds.</summary>
/// <param name="Time">The end of the period.</param>
/// <param name="ConnectionsPerSecond">New connections per second.</param>
/// <param name="Open">The number of open connections at the end.</param>
/// <param name="BytesInPerSecond">Bytes from clients per second.</param>
/// <param name="BytesOutPerSecond">Bytes to clients per second.</param>
/// <param name="FailuresPerSecond">Failed connections and dials per second.</param>
/// <param name="ConnectP50">The median of the time to connect; null without a connection.</param>
/// <param name="ConnectP99">The 99th percentile of the time to connect; null without a connection.</param>
internal sealed record HistoryPoint(
    DateTimeOffset Time,
    double ConnectionsPerSecond,
    int Open,
    double BytesInPerSecond,
    double BytesOutPerSecond,
    double FailuresPerSecond,
    TimeSpan? ConnectP50,
    TimeSpan? ConnectP99);
