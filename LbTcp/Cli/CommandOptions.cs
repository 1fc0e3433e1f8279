using LbTcp.Configuration;
using LbTcp.Hosting;
using Microsoft.Extensions.Logging;

namespace LbTcp.Cli;

/// <summary>Everything that the operator asked for, checked as far as it can be without the network.</summary>
internal sealed record CommandOptions
{
    /// <summary>Where clients connect; at least one.</summary>
    public required IReadOnlyList<ListenAddress> Listen { get; init; }

    /// <summary>Who serves them; at least one, no two with the same host and port or name.</summary>
    public required IReadOnlyList<BackendOptions> Backends { get; init; }

    /// <summary>The file that lists the backends; null when they were given on the command line.</summary>
    public required string? BackendsFile { get; init; }

    /// <summary>How the next backend is chosen.</summary>
    public required Algorithm Algorithm { get; init; }

    /// <summary>How long the share of a backend that comes back rises; <see cref="TimeSpan.Zero"/> for the full share at once.</summary>
    public required TimeSpan SlowStart { get; init; }

    /// <summary>How backends are checked.</summary>
    public required HealthCheckOptions HealthCheck { get; init; }

    /// <summary>What real traffic says about backends.</summary>
    public required PassiveHealthOptions PassiveHealth { get; init; }

    /// <summary>How one client is served.</summary>
    public required ForwardingOptions Forwarding { get; init; }

    /// <summary>The most clients at a time, and where the number comes from.</summary>
    public required ConnectionLimit ConnectionLimit { get; init; }

    /// <summary>How the service accepts and stops.</summary>
    public required LoadBalancerOptions LoadBalancer { get; init; }

    /// <summary>What moves the bytes.</summary>
    public required TransportKind TransportKind { get; init; }

    /// <summary>How sockets are set up.</summary>
    public required TransportOptions Transport { get; init; }

    /// <summary>The least important log lines that are written.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>How a log record is written.</summary>
    public required LogFormat LogFormat { get; init; }

    /// <summary>Whether to check everything and end without listening.</summary>
    public required bool ValidateOnly { get; init; }
}
