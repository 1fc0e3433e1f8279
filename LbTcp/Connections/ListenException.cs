using System.Net;
using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>No socket can listen at an address. The message is a sentence for the operator.</summary>
/// <param name="endPoint">The address.</param>
/// <param name="error">Why not.</param>
internal sealed class ListenException(IPEndPoint endPoint, SocketError error) : IOException($"Cannot listen on {endPoint}: {Explain(endPoint, error)}.")
{
    private static string Explain(IPEndPoint endPoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => "the port is in use by another program",
        SocketError.AccessDenied when endPoint.Port < 1024 => "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE",
        SocketError.AddressNotAvailable => "this host does not have the address",
        _ => SocketErrors.Describe(error),
    };
}
