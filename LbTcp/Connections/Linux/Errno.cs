using System.Net.Sockets;

namespace LbTcp.Connections.Linux;

/// <summary>Translates Linux error numbers (errno(3), asm-generic/errno.h) into the framework's socket errors.</summary>
internal static class Errno
{
    /// <summary>
    /// The socket error for <paramref name="errno"/>; <see cref="SocketError.SocketError"/> for one that has no counterpart.
    /// </summary>
    public static SocketError ToSocketError(int errno) => errno switch
    {
        0 => SocketError.Success,
        2 or 20 => SocketErrors.NoSuchFile, // ENOENT, ENOTDIR
        1 or 13 => SocketError.AccessDenied, // EPERM (a firewall's refusal), EACCES
        4 => SocketError.Interrupted,
        9 or 88 => SocketError.NotSocket, // EBADF, ENOTSOCK
        11 => SocketError.WouldBlock,
        12 or 105 => SocketError.NoBufferSpaceAvailable, // ENOMEM, ENOBUFS
        22 => SocketError.InvalidArgument,
        23 or 24 => SocketError.TooManyOpenSockets, // ENFILE, EMFILE
        28 => SocketError.NoBufferSpaceAvailable, // ENOSPC: epoll's limit of watches
        32 => SocketError.Shutdown, // EPIPE
        71 => SocketError.ConnectionAborted, // EPROTO
        91 => SocketError.ProtocolType, // EPROTOTYPE: a unix socket of another type
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
