using LbTcp.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace LbTcp.Configuration;

/// <summary>What shall run in one process: its services, and what they share.</summary>
internal sealed record HostOptions
{
    /// <summary>The services; at least one.</summary>
    public required IReadOnlyList<ServiceOptions> Services { get; init; }

    /// <summary>
    /// The number of backends of all services to set resources aside for: a line with a name may become several backends.
    /// </summary>
    public int BackendCount => Services.Sum(service => service.Backends.Sum(ExpectedMembers));

    /// <summary>The maximum number of concurrent client connections; null to derive it from the descriptor limit.</summary>
    public int? MaxConnections { get; init; } = HostSettings.MaxConnections.Default;

    /// <summary>The kind of transport.</summary>
    public TransportKind TransportKind { get; init; } = HostSettings.Transport.Default;

    /// <summary>How sockets are set up.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>How names are resolved.</summary>
    public DiscoveryOptions Discovery { get; init; } = new();

    /// <summary>The minimum level of log lines.</summary>
    public LogLevel LogLevel { get; init; } = HostSettings.LogLevel.Default;

    /// <summary>The format of log records.</summary>
    public LogFormat LogFormat { get; init; } = HostSettings.LogFormat.Default;

    /// <summary>The address of the admin endpoint; null for none.</summary>
    public ListenAddress? Admin { get; init; }

    /// <summary>The file with the token that requests to the admin endpoint have to carry; null if none is needed.</summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>The file that log lines are appended to; null for standard output.</summary>
    public string? LogFile { get; init; } = HostSettings.LogFile.Default;

    /// <summary>The address of an OpenTelemetry collector that gets the metrics; null for none.</summary>
    public Uri? OtlpEndpoint { get; init; } = HostSettings.OtlpEndpoint.Default;

    // A guess on the high side: what is set aside and not needed costs client connections, what is missing delays health checks.
    private static int ExpectedMembers(BackendOptions line) =>
        line.Address.IsService ? 32 : line.Address.IsName && line.ResolveKind is ResolveKind.All ? 8 : 1;
}
