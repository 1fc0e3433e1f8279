namespace LbTcp.Configuration;

/// <summary>How sockets are set up.</summary>
internal sealed record TransportOptions
{
    /// <summary>How long a connection is silent before its peer is asked for a sign of life; <see cref="TimeSpan.Zero"/> for never.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);
}
