using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace LbTcp.Discovery;

/// <summary>
/// Recognizes the addresses that this process listens on. A backend with such an address would make the process relay to itself until its
/// descriptors are exhausted.
/// </summary>
/// <param name="listen">
/// The addresses that the process listens on; <see cref="IPAddress.IPv6Any"/> stands for all interfaces, IPv4 and IPv6.
/// </param>
/// <param name="hostAddresses">The addresses of this host's interfaces.</param>
internal sealed class OwnAddresses(IReadOnlyList<EndPoint> listen, IReadOnlySet<IPAddress> hostAddresses)
{
    /// <summary>Returns the addresses of this host's interfaces.</summary>
    public static IReadOnlySet<IPAddress> ReadHostAddresses()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .ToHashSet();
        }
        catch (Exception exception) when (exception is NetworkInformationException or IOException or UnauthorizedAccessException)
        {
            return new HashSet<IPAddress>(); // unavailable in some sandboxes, as are /etc and /proc; loopback is recognized without it
        }
    }

    /// <summary>Returns whether a connection to <paramref name="endPoint"/> would reach this process.</summary>
    public bool Contains(EndPoint endPoint)
    {
        if (endPoint is not IPEndPoint address)
            return listen.Contains(endPoint);
        IPAddress reached = Reached(address.Address);
        return listen.OfType<IPEndPoint>().Any(own => own.Port == address.Port && IsServedBy(own.Address, reached));
    }

    // Dialling the wildcard address reaches loopback (connect(2), Linux).
    private static IPAddress Reached(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    private bool IsServedBy(IPAddress own, IPAddress reached)
    {
        bool isOfThisHost = IPAddress.IsLoopback(reached) || hostAddresses.Contains(reached);
        return own.Equals(reached)
            || (isOfThisHost && own.Equals(IPAddress.IPv6Any))
            || (isOfThisHost && own.Equals(IPAddress.Any) && reached.AddressFamily == AddressFamily.InterNetwork);
    }
}
