using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>How sockets are set up.</summary>
internal sealed record TransportOptions
{
    /// <summary>The idle time before TCP keepalive probes are sent; <see cref="TimeSpan.Zero"/> disables keepalive.</summary>
    public TimeSpan KeepAlive { get; init; } = HostSettings.KeepAlive.Default;

    /// <summary>
    /// The time over which keepalive probes are spread until the peer is given up; <see cref="TimeSpan.Zero"/> leaves it at the default.
    /// </summary>
    public TimeSpan DeadPeerTimeout { get; init; } = HostSettings.DeadPeerTimeout.Default;
}
