namespace LbTcp.Diagnostics;

/// <summary>What the reasons of ends have in common.</summary>
internal static class ConnectionEndReasons
{
    /// <summary>The number of reasons.</summary>
    public static int Count { get; } = Enum.GetValues<ConnectionEndReason>().Length;

    /// <summary>
    /// Whether the connection failed: the client did not get what a working backend, and a working lbtcp, would have given it. What a
    /// client does, a time limit without anything to deliver, and a request of the operator are no failures.
    /// </summary>
    public static bool IsFailure(this ConnectionEndReason reason) => reason switch
    {
        ConnectionEndReason.BackendReset or ConnectionEndReason.BackendLost or ConnectionEndReason.NoBackendAvailable or
            ConnectionEndReason.QueueFull or ConnectionEndReason.QueueTimeout or ConnectionEndReason.ConnectFailed or
            ConnectionEndReason.ConnectTimeout or ConnectionEndReason.LocalFault or ConnectionEndReason.Stalled or
            ConnectionEndReason.BackendDown or ConnectionEndReason.InternalError or ConnectionEndReason.FirstByteTimeout or
            ConnectionEndReason.BackendTlsFailed => true,
        ConnectionEndReason.Completed or ConnectionEndReason.ClientReset or ConnectionEndReason.ClientLost or
            ConnectionEndReason.IdleTimeout or ConnectionEndReason.HalfCloseTimeout or ConnectionEndReason.BackendRemoved or
            ConnectionEndReason.DrainTimeout or ConnectionEndReason.AdminClosed or ConnectionEndReason.Rebalanced or
            ConnectionEndReason.AccessDenied or ConnectionEndReason.SourceLimit or ConnectionEndReason.RateLimit or
            ConnectionEndReason.ProxyUntrusted or ConnectionEndReason.ProxyHeaderInvalid or ConnectionEndReason.PrefaceTimeout or
            ConnectionEndReason.ServerNameUnknown or ConnectionEndReason.ClientTlsFailed or ConnectionEndReason.ClientTooSlow => false,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>
    /// Whether connections of this reason have no end record, but one record for all of a second: clients choose how many they are.
    /// </summary>
    public static bool IsSampled(this ConnectionEndReason reason) => reason is
        ConnectionEndReason.AccessDenied or ConnectionEndReason.SourceLimit or ConnectionEndReason.RateLimit;

    /// <summary>Whether the client was refused for what it is or what it sent first, before a backend was picked.</summary>
    public static bool IsRefusal(this ConnectionEndReason reason) => reason is
        ConnectionEndReason.AccessDenied or ConnectionEndReason.SourceLimit or ConnectionEndReason.RateLimit or
        ConnectionEndReason.ProxyUntrusted or ConnectionEndReason.ProxyHeaderInvalid or ConnectionEndReason.PrefaceTimeout or
        ConnectionEndReason.ServerNameUnknown or ConnectionEndReason.ClientTlsFailed;
}
