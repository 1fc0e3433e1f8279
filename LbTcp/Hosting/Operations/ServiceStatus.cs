namespace LbTcp.Hosting.Operations;

/// <summary>The state of one service. Rates are averages over the last 10 seconds.</summary>
internal sealed record ServiceStatus
{
    /// <summary>The name of the service.</summary>
    public required string Name { get; init; }

    /// <summary>The addresses that it listens on, as the system has them.</summary>
    public required IReadOnlyList<string> Listen { get; init; }

    /// <summary>The balancing algorithm, as it is configured.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Whether its clients reconnect, so that connections may be moved.</summary>
    public required bool Reconnectable { get; init; }

    /// <summary>The number of backends.</summary>
    public required int Backends { get; init; }

    /// <summary>The number of backends that a new connection may go to.</summary>
    public required int BackendsAvailable { get; init; }

    /// <summary>The maximum number of connections of this service; null for that of the process.</summary>
    public required int? MaxConnections { get; init; }

    /// <summary>The number of clients that wait for a limit per source or for the rate of the service.</summary>
    public required int AdmissionWaiting { get; init; }

    /// <summary>The number of clients in the queue for a backend.</summary>
    public required int Queued { get; init; }

    /// <summary>Connections, bytes and rates.</summary>
    public required TrafficStatus Traffic { get; init; }
}
