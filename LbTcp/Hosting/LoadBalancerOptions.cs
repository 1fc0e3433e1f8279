namespace LbTcp.Hosting;

/// <summary>How one service accepts and stops.</summary>
internal sealed record LoadBalancerOptions
{
    /// <summary>The most client connections at a time; at least 1.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>How long open connections may go on after the service was asked to stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
