using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>How one client is served.</summary>
internal sealed record ForwardingOptions
{
    /// <summary>The maximum duration of a connection attempt to a backend.</summary>
    public TimeSpan ConnectTimeout { get; init; } = ForwardingSettings.ConnectTimeout.Default;

    /// <summary>The maximum number of further, distinct backends to try after the first; 0 or more.</summary>
    public int Retries { get; init; } = ForwardingSettings.Retries.Default;

    /// <summary>
    /// The time without an answer to a dial after which a further backend is dialled beside it; <see cref="TimeSpan.Zero"/> disables
    /// hedging.
    /// </summary>
    public TimeSpan HedgeAfter { get; init; } = ForwardingSettings.HedgeAfter.Default;

    /// <summary>The maximum time, all waits together, for which a client is queued while every backend is at its limit.</summary>
    public TimeSpan QueueTimeout { get; init; } = ForwardingSettings.QueueTimeout.Default;

    /// <summary>The maximum number of queued clients; 0 disables queueing.</summary>
    public int MaxQueue { get; init; } = ForwardingSettings.MaxQueue.Default;

    /// <summary>
    /// The time without a byte in either direction, or without progress of a direction that has bytes to deliver, after which a connection
    /// is ended; <see cref="TimeSpan.Zero"/> disables the timeout.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = ForwardingSettings.IdleTimeout.Default;

    /// <summary>
    /// The time after which a connection is reset whose backend has sent nothing although bytes of the client were passed on to it;
    /// <see cref="TimeSpan.Zero"/> disables the timeout. A backend may have its own.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init; } = ForwardingSettings.FirstByteTimeout.Default;

    /// <summary>
    /// The rate, in bytes per second, below which a client that has bytes to take is ended; 0 disables the limit.
    /// </summary>
    public long MinRate { get; init; } = ForwardingSettings.MinRate.Default;

    /// <summary>The time without a byte after which a connection is ended once one side has finished sending.</summary>
    public TimeSpan HalfCloseTimeout { get; init; } = ForwardingSettings.HalfCloseTimeout.Default;

    /// <summary>
    /// The time after which a connection is ended whose peer acknowledges neither data nor probes; <see cref="TimeSpan.Zero"/> disables
    /// the timeout.
    /// </summary>
    public TimeSpan DeadPeerTimeout { get; init; } = HostSettings.DeadPeerTimeout.Default;

    /// <summary>The action when no backend is healthy.</summary>
    public WhenAllDown WhenAllDown { get; init; } = ForwardingSettings.WhenAllDown.Default;

    /// <summary>The action on the open connections of a backend that goes down.</summary>
    public OnDown OnDown { get; init; } = ForwardingSettings.OnDown.Default;

    /// <summary>The action on the open connections of a backend that is removed.</summary>
    public OnRemoved OnRemoved { get; init; } = ForwardingSettings.OnRemoved.Default;

    /// <summary>
    /// The time over which <see cref="OnDown.Close"/> and <see cref="OnRemoved.Close"/> spread the resets;
    /// <see cref="TimeSpan.Zero"/> resets all at once.
    /// </summary>
    public TimeSpan CloseSpread { get; init; } = ForwardingSettings.CloseSpread.Default;

    /// <summary>Whether clients reconnect when their connection is reset, so that a rebalance may close idle ones.</summary>
    public bool Reconnectable { get; init; } = ForwardingSettings.Reconnectable.Default;

    /// <summary>Whether every ended connection is logged.</summary>
    public AccessLog AccessLog { get; init; } = ForwardingSettings.AccessLog.Default;

    /// <summary>The first-byte timeout of connections to <paramref name="backend"/>.</summary>
    public TimeSpan FirstByteTimeoutFor(BackendOptions backend) => backend.FirstByteTimeout ?? FirstByteTimeout;
}
