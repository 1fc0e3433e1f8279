namespace LbTcp.Forwarding;

/// <summary>How one client is served.</summary>
internal sealed record ForwardingOptions
{
    /// <summary>How long one attempt to reach one backend may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many further, distinct backends are tried after the first; 0 or more.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>A connection ends after this long without a byte in either direction; <see cref="TimeSpan.Zero"/> for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After one side finished, the connection ends after this long without a byte.</summary>
    public TimeSpan HalfCloseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a client gets when no backend is healthy.</summary>
    public WhenAllDown WhenAllDown { get; init; } = WhenAllDown.Reset;

    /// <summary>Whether every ended connection is logged.</summary>
    public bool AccessLog { get; init; } = true;
}
