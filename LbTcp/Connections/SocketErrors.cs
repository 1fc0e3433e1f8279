using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>Classifies socket errors by their cause, and describes them for operators.</summary>
internal static class SocketErrors
{
    /// <summary>
    /// There is no such unix socket, ENOENT of connect(2). The framework's enumeration has the numbers of Windows; this is its
    /// ERROR_FILE_NOT_FOUND.
    /// </summary>
    public const SocketError NoSuchFile = (SocketError)2;

    /// <summary>
    /// The source address of a dial is not an address of this machine, EADDRNOTAVAIL of bind(2), as opposed to connect(2), where the
    /// ports are used up; ERROR_INCORRECT_ADDRESS of Windows.
    /// </summary>
    public const SocketError SourceNotLocal = (SocketError)1241;

    /// <summary>Whether this machine ran out of descriptors or memory, which any other dial would meet as well.</summary>
    public static bool IsExhaustion(SocketError error) => error is
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit;

    /// <summary>
    /// Whether this machine lacks something: descriptors, memory, an address of the peer's kind or a free port towards it. It says
    /// nothing about any peer.
    /// </summary>
    public static bool IsLocalFault(SocketError error) =>
        IsExhaustion(error) || IsOfSource(error);

    /// <summary>Whether a dial failed for its source address, so that it may succeed from another one.</summary>
    public static bool IsOfSource(SocketError error) => IsLackOfPorts(error) || error is SourceNotLocal;

    /// <summary>Whether all ports of the source address towards one address of a backend are in use.</summary>
    public static bool IsLackOfPorts(SocketError error) => error is SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse;

    /// <summary>
    /// Selects the error of one host's addresses that tells more about the host: the first, unless it is this machine's own.
    /// </summary>
    public static SocketError MoreTelling(SocketError first, SocketError later) => IsLocalFault(first) ? later : first;

    /// <summary>Whether the peer ended the connection by force, as opposed to having vanished.</summary>
    public static bool IsReset(SocketError error) => error is
        SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted or SocketError.NotConnected;

    /// <summary>Whether a dial that failed speaks against the peer, as opposed to this machine or a name server.</summary>
    public static bool IsUnreachable(SocketError error) => error is
        SocketError.ConnectionRefused or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable or
        SocketError.HostDown or SocketError.ConnectionReset or NoSuchFile;

    /// <summary>A remedy for the operator of this machine if the cause is on it, or null.</summary>
    public static string? Remedy(SocketError error) => error switch
    {
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse =>
            "the ports of this machine's address towards this backend are used up; add addresses with --source-address, which are used in "
            + "turn, widen net.ipv4.ip_local_port_range, or set net.ipv4.tcp_tw_reuse=1",
        SourceNotLocal => "give this machine the address, or correct --source-address or the source_address of the backend",
        SocketError.TooManyOpenSockets => "raise 'ulimit -n' or LimitNOFILE, or lower --max-connections",
        SocketError.NoBufferSpaceAvailable => "raise net.ipv4.tcp_mem or the memory limit, or lower --max-connections",
        SocketError.ProcessLimit => "raise 'ulimit -u' or TasksMax",
        _ => null,
    };

    /// <summary>Describes the error for an operator, short enough for a log field: "connection refused", "timed out", ...</summary>
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
        SourceNotLocal => "the source address is not of this machine",
        NoSuchFile => "no such socket file",
        SocketError.ProtocolType => "not a stream socket",
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.NoBufferSpaceAvailable => "out of socket buffers",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressFamilyNotSupported => "address family not supported",
        SocketError.MessageSize => "message too long",
        SocketError.NotSocket => "not a socket",
        SocketError.OperationAborted => "cancelled",
        _ => error.ToString(),
    };
}
