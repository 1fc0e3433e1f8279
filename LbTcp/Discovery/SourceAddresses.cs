using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;

namespace LbTcp.Discovery;

/// <summary>
/// Selects the address of this machine from which a backend is dialled: the backend's own, or those of all backends in turn. One of another
/// family than the address that is dialled is not used for it. Safe for use by any number of threads.
/// </summary>
/// <param name="configured">Returns the source addresses of all backends; read for every dial, so that a reload takes effect.</param>
internal sealed class SourceAddresses(Func<IReadOnlyList<IPAddress>> configured)
{
    private uint _turn; // of IPv4
    private uint _turn6;

    /// <summary>No source addresses: the system selects one, except for a backend that has its own.</summary>
    public static SourceAddresses None { get; } = new(() => []);

    /// <summary>Returns how many addresses there are to dial <paramref name="endPoint"/> from, and the one whose turn it is.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="endPoint">The address that is dialled.</param>
    /// <param name="source">The address; null for the one that the system selects.</param>
    public int Next(Backend backend, EndPoint endPoint, out IPAddress? source)
    {
        source = null;
        if (endPoint is not IPEndPoint)
            return 0;
        if (backend.Options.SourceAddress is { } own)
        {
            source = own.AddressFamily == endPoint.AddressFamily ? own : null;
            return source is null ? 0 : 1;
        }

        IReadOnlyList<IPAddress> addresses = configured();
        int count = 0;
        for (int i = 0; i < addresses.Count; i++)
            count += addresses[i].AddressFamily == endPoint.AddressFamily ? 1 : 0;
        if (count > 0)
            source = OfFamily(addresses, endPoint.AddressFamily, TakeTurn(endPoint.AddressFamily, count));
        return count;
    }

    private int TakeTurn(AddressFamily family, int count)
    {
        ref uint turn = ref family is AddressFamily.InterNetwork ? ref _turn : ref _turn6;
        return (int)((Interlocked.Increment(ref turn) - 1) % (uint)count);
    }

    private static IPAddress? OfFamily(IReadOnlyList<IPAddress> addresses, AddressFamily family, int index)
    {
        foreach (IPAddress address in addresses)
        {
            if (address.AddressFamily == family && index-- == 0)
                return address;
        }

        return null;
    }
}
