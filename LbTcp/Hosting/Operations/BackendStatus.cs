using LbTcp.Backends;

namespace LbTcp.Hosting.Operations;

/// <summary>The state of one backend.</summary>
internal record BackendStatus
{
    /// <summary>The name of its service.</summary>
    public required string Service { get; init; }

    /// <summary>Its name: the configured one, or host and port.</summary>
    public required string Name { get; init; }

    /// <summary>The address, host and port, that identifies it.</summary>
    public required string Address { get; init; }

    /// <summary>What checks and traffic say.</summary>
    public required HealthState Health { get; init; }

    /// <summary>What the operator wants.</summary>
    public required BackendIntent Intent { get; init; }

    /// <summary>Whether a new connection may go to it now.</summary>
    public required bool Available { get; init; }

    /// <summary>Why it has this state, in words: "3 checks failed in a row: connection refused".</summary>
    public required string Reason { get; init; }

    /// <summary>Since when it has this health and intent.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The configured weight.</summary>
    public required int Weight { get; init; }

    /// <summary>The weight that an operator set at run time; null for the configured one.</summary>
    public required int? WeightOverride { get; init; }

    /// <summary>The weight in effect, lowered by a slow start; 0 if it is not available.</summary>
    public required double EffectiveWeight { get; init; }

    /// <summary>
    /// The share of new connections that it is meant to get, 0 to 1. With server names: of those for its names, or for the first of them
    /// if others have only some of them.
    /// </summary>
    public required double Share { get; init; }

    /// <summary>Whether it is used only while no other backend is available.</summary>
    public required bool Backup { get; init; }

    /// <summary>The server names that it serves; none if it serves the connections for which there is no other backend.</summary>
    public required IReadOnlyList<string> ServerNames { get; init; }

    /// <summary>The maximum number of open connections; null for no limit.</summary>
    public required int? MaxConnections { get; init; }

    /// <summary>Connections, bytes and rates.</summary>
    public required TrafficStatus Traffic { get; init; }

    /// <summary>The last check; null before the first one.</summary>
    public required CheckStatus? LastCheck { get; init; }

    /// <summary>The number of checks in a row with the result of the last one.</summary>
    public required int ChecksInRow { get; init; }
}
