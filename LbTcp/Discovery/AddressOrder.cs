using System.Net;
using System.Net.Sockets;

namespace LbTcp.Discovery;

/// <summary>
/// One order for the addresses of a name, since name servers return them in a different order with every answer, which is no change.
/// </summary>
internal static class AddressOrder
{
    /// <summary>Returns the addresses, each once, IPv4 first, then by number.</summary>
    public static IPAddress[] Sort(IEnumerable<IPAddress> addresses) =>
    [
        .. addresses
            .Distinct()
            .OrderBy(address => address.AddressFamily is not AddressFamily.InterNetwork)
            .ThenBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal),
    ];
}
