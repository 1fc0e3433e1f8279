using System.Net;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>One service: where it listens, which backends serve its clients, and how.</summary>
internal sealed record ServiceOptions
{
    /// <summary>The name of the one service that flags describe.</summary>
    public const string DefaultName = "default";

    /// <summary>The name of the service.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>The addresses that clients connect to; at least one.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = ServiceSettings.Listen.Default;

    /// <summary>The backends; at least one, no two with the same host and port or the same name.</summary>
    public required IReadOnlyList<BackendOptions> Backends { get; init; }

    /// <summary>The file that lists the backends; null if they were given otherwise.</summary>
    public string? BackendsFile { get; init; }

    /// <summary>The balancing algorithm.</summary>
    public Algorithm Algorithm { get; init; } = ServiceSettings.Algorithm.Default;

    /// <summary>
    /// The time over which the weight of a backend that becomes healthy rises; <see cref="TimeSpan.Zero"/> disables slow start.
    /// </summary>
    public TimeSpan SlowStartTime { get; init; } = ServiceSettings.SlowStartTime.Default;

    /// <summary>The share of the service of the limit of client connections of the process; null for no limit of its own.</summary>
    public int? MaxConnections { get; init; } = ServiceSettings.MaxConnections.Default;

    /// <summary>How backends are checked.</summary>
    public HealthCheckOptions HealthCheck { get; init; } = new();

    /// <summary>When failed connections eject backends.</summary>
    public PassiveHealthOptions PassiveHealth { get; init; } = new();

    /// <summary>How clients are served.</summary>
    public ForwardingOptions Forwarding { get; init; } = new();

    /// <summary>Which clients are admitted.</summary>
    public AdmissionOptions Admission { get; init; } = new();

    /// <summary>What comes before the bytes.</summary>
    public PrefaceOptions Preface { get; init; } = new();

    /// <summary>The termination of TLS.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>
    /// The addresses of this machine from which backends are dialled, in turn; empty for the one that the system selects.
    /// </summary>
    public IReadOnlyList<IPAddress> SourceAddresses { get; init; } = ServiceSettings.SourceAddress.Default;

    /// <summary>
    /// The maximum time for open connections to finish after the service was asked to stop; <see cref="TimeSpan.Zero"/> ends them at
    /// once.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = ServiceSettings.DrainTimeout.Default;

    /// <summary>Finds settings that contradict each other; null if there are none.</summary>
    public SettingConflict? FindConflict() => HealthCheck.FindConflict() ?? PassiveHealth.FindConflict();
}
