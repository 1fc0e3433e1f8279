using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>Sorts socket errors by who is to blame, and names them for operators.</summary>
internal static class SocketErrors
{
    /// <summary>Whether this machine ran out of something (descriptors, ports, memory): no evidence against any peer.</summary>
    public static bool IsLocalFault(SocketError error) => error is
        SocketError.TooManyOpenSockets or SocketError.AddressNotAvailable or SocketError.NoBufferSpaceAvailable or
        SocketError.AddressAlreadyInUse or SocketError.ProcessLimit;

    /// <summary>Whether the peer ended the connection by force, as opposed to having vanished.</summary>
    public static bool IsReset(SocketError error) => error is
        SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted or SocketError.NotConnected;

    /// <summary>Whether a dial that failed speaks against the peer, as opposed to this machine or a name server.</summary>
    public static bool IsUnreachable(SocketError error) => error is
        SocketError.ConnectionRefused or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable or
        SocketError.HostDown or SocketError.ConnectionReset;

    /// <summary>The error in an operator's words, short enough for a log field: "connection refused", "timed out", ...</summary>
    public static string Describe(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted => "connection reset",
        SocketError.TimedOut => "timed out",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.HostDown => "host down",
        SocketError.HostNotFound or SocketError.NoData => "name not found",
        SocketError.TryAgain => "name server unavailable",
        SocketError.TooManyOpenSockets => "out of file descriptors",
        SocketError.AddressNotAvailable => "no local address or port available",
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.NoBufferSpaceAvailable => "out of socket buffers",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressFamilyNotSupported => "address family not supported",
        SocketError.OperationAborted => "cancelled",
        _ => error.ToString(),
    };
}
