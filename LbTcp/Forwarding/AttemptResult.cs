using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>The result of an attempt: a connection that can be used, or why there is none.</summary>
/// <param name="Connection">The established connection, with everything that comes before the bytes; null if there is none.</param>
/// <param name="Error"><see cref="SocketError.Success"/> with a connection, else the reason.</param>
/// <param name="TlsProblem">Why the TLS handshake failed, in a few words; null if it did not, or there was none.</param>
internal readonly record struct AttemptResult(IConnection? Connection, SocketError Error, string? TlsProblem = null)
{
    /// <summary>The reason in the operator's terms; meaningless with a connection.</summary>
    public string Problem => TlsProblem is null ? SocketErrors.Describe(Error) : $"TLS: {TlsProblem}";

    /// <summary>The reason for the end of the client's connection if no further attempt succeeds; meaningless with a connection.</summary>
    public ConnectionEndReason EndReason =>
        SocketErrors.IsLocalFault(Error) ? ConnectionEndReason.LocalFault
        : TlsProblem is not null ? ConnectionEndReason.BackendTlsFailed
        : Error is SocketError.TimedOut ? ConnectionEndReason.ConnectTimeout
        : ConnectionEndReason.ConnectFailed;

    /// <summary>The result of a success.</summary>
    public static AttemptResult Of(IConnection connection) => new(connection, SocketError.Success);

    /// <summary>The result of a dial that failed or was cancelled.</summary>
    public static AttemptResult Failed(SocketError error) => new(null, error);

    /// <summary>The result of a handshake that failed.</summary>
    public static AttemptResult FailedTls(SocketError error, string problem) => new(null, error, problem);
}
