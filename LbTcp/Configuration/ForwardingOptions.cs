namespace LbTcp.Configuration;

/// <summary>How one client is served.</summary>
internal sealed record ForwardingOptions
{
    /// <summary>How long one attempt to reach one backend may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many further, distinct backends are tried after the first; 0 or more.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>How long a client may wait, in all, for a slot while every backend is at its limit.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many clients may wait at a time; 0 for none. The default is Envoy's for pending requests.</summary>
    public int MaxQueue { get; init; } = 1024;

    /// <summary>A connection ends after this long without a byte in either direction; <see cref="TimeSpan.Zero"/> for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After one side finished, the connection ends after this long without a byte.</summary>
    public TimeSpan HalfCloseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a client gets when no backend is healthy.</summary>
    public WhenAllDown WhenAllDown { get; init; } = WhenAllDown.Reset;

    /// <summary>What becomes of a backend's connections when it goes down.</summary>
    public OnDown OnDown { get; init; } = OnDown.Keep;

    /// <summary>Over how much time those are spread that <see cref="OnDown.Close"/> ends; <see cref="TimeSpan.Zero"/> for all at once.</summary>
    public TimeSpan CloseSpread { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether every ended connection is logged.</summary>
    public bool AccessLog { get; init; } = true;
}
