using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// How a connection ends: which side ended or failed first, and why, if that was decided elsewhere. May be used from any thread.
/// </summary>
internal struct ConnectionOutcome()
{
    private const int None = -1;

    private ConnectionException? _failure;
    private int _decidedReason = None;
    private int _firstToEnd = None;
    private int _sidesEnded;

    /// <summary>The number of sides that have finished or failed.</summary>
    public readonly int SidesEnded => Volatile.Read(in _sidesEnded);

    /// <summary>Whether the backend is among them.</summary>
    public readonly bool HasBackendFinished =>
        SidesEnded > 1 || (SidesEnded == 1 && Volatile.Read(in _firstToEnd) == (int)ConnectionSide.Backend);

    /// <summary>The first failure of a side, or null.</summary>
    public readonly ConnectionException? Failure => Volatile.Read(in _failure);

    /// <summary>Whether the reason was decided by something other than the two sides.</summary>
    public readonly bool IsDecided => Volatile.Read(in _decidedReason) != None;

    /// <summary>One side has sent everything, or has failed.</summary>
    public void SideEnded(ConnectionSide side)
    {
        _ = Interlocked.CompareExchange(ref _firstToEnd, (int)side, None);
        _ = Interlocked.Increment(ref _sidesEnded);
    }

    /// <summary>Records a failure; the first one counts.</summary>
    public void Failed(ConnectionException failure) => _ = Interlocked.CompareExchange(ref _failure, failure, null);

    /// <summary>Decides the reason, unless it was decided before.</summary>
    public void Decide(ConnectionEndReason reason) => _ = Interlocked.CompareExchange(ref _decidedReason, (int)reason, None);

    /// <summary>The reason of the end, once the connection has ended.</summary>
    public readonly ConnectionEndReason Reason()
    {
        if (IsDecided)
            return (ConnectionEndReason)_decidedReason;
        if (Failure is not { } failure)
            return ConnectionEndReason.Completed;
        if (SocketErrors.IsLocalFault(failure.Error))
            return ConnectionEndReason.LocalFault;
        return ReasonOf(failure.Side, failure.Error);
    }

    /// <summary>The reason for the end of a connection whose <paramref name="connection"/> to one side has failed.</summary>
    public static ConnectionEndReason ReasonOf(IConnection connection) => ReasonOf(connection.Side, connection.Failure);

    // An error that the system has not reported is a reset: it was noticed by the state of the connection.
    private static ConnectionEndReason ReasonOf(ConnectionSide side, SocketError error)
    {
        bool isReset = error is SocketError.Success || SocketErrors.IsReset(error);
        return side is ConnectionSide.Client
            ? isReset ? ConnectionEndReason.ClientReset : ConnectionEndReason.ClientLost
            : isReset ? ConnectionEndReason.BackendReset : ConnectionEndReason.BackendLost;
    }

    /// <summary>The side that ended the connection, once it has ended.</summary>
    public readonly ConnectionSide EndedBy() => Reason() switch
    {
        ConnectionEndReason.Completed => (ConnectionSide)_firstToEnd,
        ConnectionEndReason.ClientReset or ConnectionEndReason.ClientLost or
            ConnectionEndReason.ProxyHeaderInvalid or ConnectionEndReason.ClientTlsFailed => ConnectionSide.Client,
        ConnectionEndReason.BackendReset or ConnectionEndReason.BackendLost or
            ConnectionEndReason.ConnectFailed or ConnectionEndReason.ConnectTimeout or
            ConnectionEndReason.BackendTlsFailed => ConnectionSide.Backend,
        ConnectionEndReason.NoBackendAvailable or ConnectionEndReason.QueueFull or ConnectionEndReason.QueueTimeout or
            ConnectionEndReason.LocalFault or ConnectionEndReason.IdleTimeout or ConnectionEndReason.Stalled or
            ConnectionEndReason.HalfCloseTimeout or ConnectionEndReason.BackendDown or ConnectionEndReason.BackendRemoved or
            ConnectionEndReason.DrainTimeout or ConnectionEndReason.InternalError or ConnectionEndReason.AdminClosed or
            ConnectionEndReason.Rebalanced or ConnectionEndReason.FirstByteTimeout or
            ConnectionEndReason.AccessDenied or ConnectionEndReason.SourceLimit or ConnectionEndReason.RateLimit or
            ConnectionEndReason.ProxyUntrusted or ConnectionEndReason.PrefaceTimeout or ConnectionEndReason.ServerNameUnknown or
            ConnectionEndReason.ClientTooSlow => ConnectionSide.LbTcp,
        var reason => throw new InvalidOperationException($"Unknown reason {reason}."),
    };
}
