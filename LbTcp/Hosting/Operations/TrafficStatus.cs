namespace LbTcp.Hosting.Operations;

/// <summary>
/// The traffic of a service or a backend. Totals count since the start of the process; rates are averages over the last 10 seconds.
/// </summary>
internal sealed record TrafficStatus
{
    /// <summary>The number of open connections.</summary>
    public required int Open { get; init; }

    /// <summary>
    /// The number of connections so far: of a service, those that were accepted; of a backend, those that it was picked for.
    /// </summary>
    public required long Total { get; init; }

    /// <summary>The number of connections so far that ended because of a failure; of a backend, also dials that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Bytes from clients.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes to clients.</summary>
    public required long BytesOut { get; init; }

    /// <summary>New connections per second.</summary>
    public required double ConnectionsPerSecond { get; init; }

    /// <summary>Failed connections and dials per second.</summary>
    public required double FailuresPerSecond { get; init; }

    /// <summary>Bytes from clients per second.</summary>
    public required double BytesInPerSecond { get; init; }

    /// <summary>Bytes to clients per second.</summary>
    public required double BytesOutPerSecond { get; init; }

    /// <summary>The median of the time to connect to a backend, of the last minute with connections; null before the first one.</summary>
    public required TimeSpan? ConnectP50 { get; init; }

    /// <summary>The 99th percentile of the time to connect to a backend; null before the first connection.</summary>
    public required TimeSpan? ConnectP99 { get; init; }
}
