using System.Net;
using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>Finds out whether this machine has an address to dial from.</summary>
internal static class LocalAddress
{
    /// <summary>
    /// Asks the system, which also knows of <c>net.ipv4.ip_nonlocal_bind</c>; false only if it says that it does not have the address.
    /// </summary>
    public static bool Exists(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            return SocketTuning.Bind(socket, address) is not SocketErrors.SourceNotLocal;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is not SocketError.AddressFamilyNotSupported;
        }
    }
}
