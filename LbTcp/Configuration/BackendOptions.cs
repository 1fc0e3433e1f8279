namespace LbTcp.Configuration;

/// <summary>One backend as the operator configured it.</summary>
internal sealed record BackendOptions
{
    /// <summary>The greatest weight; HAProxy's.</summary>
    public const int MaxWeight = 256;

    /// <summary>Scheme, host and port.</summary>
    public required BackendAddress Address { get; init; }

    /// <summary>How logs call the backend; null for its host and port.</summary>
    public string? Name { get; init; }

    /// <summary>Its share of new connections in relation to the others' weights, 0 to <see cref="MaxWeight"/>; 0 for no new connections.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Whether it is used only while no other backend is available.</summary>
    public bool IsBackup { get; init; }

    /// <summary>The most connections at a time; 0 for any number.</summary>
    public int MaxConnections { get; init; }

    /// <summary>How it is checked; null for the way of all backends.</summary>
    public CheckKind? Check { get; init; }

    /// <summary>What an HTTP check of it asks for; null for the path of all backends.</summary>
    public string? HealthPath { get; init; }

    /// <summary>The port that is checked; null for the port that serves.</summary>
    public int? CheckPort { get; init; }

    /// <summary>From one check of it to the next; null for the interval of all backends.</summary>
    public TimeSpan? CheckInterval { get; init; }

    /// <summary>What no two backends of a pool may have in common: host and port, and the name. A name has no colon, so they do not mix.</summary>
    public IReadOnlyList<string> Identities => Name is null ? [Address.HostAndPort] : [Address.HostAndPort, Name];
}
