using LbTcp.Backends;

namespace LbTcp.Hosting.Operations;

/// <summary>Reads the traffic of services and backends.</summary>
internal static class TrafficReader
{
    /// <summary>Reads the traffic of a service.</summary>
    public static TrafficStatus ReadService(ServiceParts parts) => Open(parts.Connections.Count);

    /// <summary>Reads the traffic of a backend.</summary>
    public static BackendLoad ReadBackend(Backend backend) => new(Open(backend.OpenConnections), null, null, 0);

    private static TrafficStatus Open(int connections) => new()
    {
        Open = connections,
        Total = 0,
        Failed = 0,
        BytesIn = 0,
        BytesOut = 0,
        ConnectionsPerSecond = 0,
        FailuresPerSecond = 0,
        BytesInPerSecond = 0,
        BytesOutPerSecond = 0,
        ConnectP50 = null,
        ConnectP99 = null,
    };
}
