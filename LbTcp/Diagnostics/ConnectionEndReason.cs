namespace LbTcp.Diagnostics;

/// <summary>Why a client's connection ended; exactly one for every connection.</summary>
internal enum ConnectionEndReason
{
    /// <summary>Both sides finished with FIN and all bytes were delivered.</summary>
    Completed,

    /// <summary>The client reset the connection.</summary>
    ClientReset,

    /// <summary>The client stopped answering for the dead peer timeout, or the system gave up retransmitting.</summary>
    ClientLost,

    /// <summary>The backend reset the connection.</summary>
    BackendReset,

    /// <summary>As <see cref="ClientLost"/>, for the backend.</summary>
    BackendLost,

    /// <summary>No backend was available.</summary>
    NoBackendAvailable,

    /// <summary>Every backend was at its connection limit, and the queue was full.</summary>
    QueueFull,

    /// <summary>Every backend was at its connection limit for the queue timeout.</summary>
    QueueTimeout,

    /// <summary>Every backend that was tried refused, could not be reached, or could not be resolved.</summary>
    ConnectFailed,

    /// <summary>As <see cref="ConnectFailed"/>, and the last attempt timed out.</summary>
    ConnectTimeout,

    /// <summary>This machine had no descriptor, port or memory left to dial a backend.</summary>
    LocalFault,

    /// <summary>No byte moved in either direction for the idle timeout.</summary>
    IdleTimeout,

    /// <summary>One direction had bytes to deliver and made no progress for the idle timeout.</summary>
    Stalled,

    /// <summary>One side had finished, and no byte moved for the half-close timeout.</summary>
    HalfCloseTimeout,

    /// <summary>The backend became unhealthy, and its connections are configured to be closed then.</summary>
    BackendDown,

    /// <summary>The backend was removed, and its connections are configured to be closed then.</summary>
    BackendRemoved,

    /// <summary>The connection was still open when the drain ended.</summary>
    DrainTimeout,

    /// <summary>A defect in this program; logged once with its exception.</summary>
    InternalError,

    /// <summary>An operator closed the connection.</summary>
    AdminClosed,

    /// <summary>An operator had connections moved, and the backend had more than its share.</summary>
    Rebalanced,

    /// <summary>The backend sent nothing for the first-byte timeout, although bytes of the client were passed on to it.</summary>
    FirstByteTimeout,

    /// <summary>An access rule refused the client.</summary>
    AccessDenied,

    /// <summary>The source of the client had its maximum of connections.</summary>
    SourceLimit,

    /// <summary>The source of the client, or the service, had its maximum rate of new connections.</summary>
    RateLimit,

    /// <summary>The peer is not one of those that may send a PROXY protocol header, and only these are served.</summary>
    ProxyUntrusted,

    /// <summary>The peer's PROXY protocol header was missing or malformed.</summary>
    ProxyHeaderInvalid,

    /// <summary>The PROXY protocol header, the ClientHello or the TLS handshake of the client was not complete in time.</summary>
    PrefaceTimeout,

    /// <summary>No backend serves the server name that the client asked for, or the client sent none.</summary>
    ServerNameUnknown,

    /// <summary>The TLS handshake with the client failed.</summary>
    ClientTlsFailed,

    /// <summary>The TLS handshake with the backend failed.</summary>
    BackendTlsFailed,

    /// <summary>The client took and sent fewer bytes than the minimum rate, although bytes waited for it.</summary>
    ClientTooSlow,
}
