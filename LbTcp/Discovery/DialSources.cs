using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;

namespace LbTcp.Discovery;

/// <summary>
/// Selects the addresses of this machine from which a backend is dialled: the backend's own, or those of all backends in turn. One of
/// another family than the address that is dialled is not used for it. Safe for use by any number of threads.
/// </summary>
/// <param name="configured">
/// Returns the source addresses of all backends, an immutable list; called for every dial, so that a reload takes effect.
/// </param>
internal sealed class DialSources(Func<IReadOnlyList<IPAddress>> configured)
{
    private volatile Families _families = new([]);
    private uint _turn; // of IPv4
    private uint _turn6;

    /// <summary>No source addresses: the system selects one, except for a backend that has its own.</summary>
    public static DialSources None { get; } = new(() => []);

    /// <summary>Returns the addresses to dial from, to be tried in order and from the beginning again.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="endPoint">The address that is dialled.</param>
    /// <param name="turn">The index of the one to begin with, modulo their number.</param>
    /// <returns>The addresses; empty for the one that the system selects.</returns>
    public IPAddress[] For(Backend backend, EndPoint endPoint, out uint turn)
    {
        turn = 0;
        if (endPoint is not IPEndPoint)
            return [];
        if (backend.Options.SourceAddress is { } own)
            return own.AddressFamily == endPoint.AddressFamily ? [own] : [];
        bool isInet = endPoint.AddressFamily is AddressFamily.InterNetwork;
        Families families = Current();
        IPAddress[] addresses = isInet ? families.Inet : families.Inet6;
        if (addresses.Length > 0)
            turn = Interlocked.Increment(ref isInet ? ref _turn : ref _turn6) - 1;
        return addresses;
    }

    private Families Current()
    {
        IReadOnlyList<IPAddress> addresses = configured();
        Families families = _families;
        return ReferenceEquals(families.All, addresses) ? families : _families = new Families(addresses);
    }

    private sealed class Families(IReadOnlyList<IPAddress> all)
    {
        public IReadOnlyList<IPAddress> All => all;

        public IPAddress[] Inet { get; } = [.. all.Where(address => address.AddressFamily is AddressFamily.InterNetwork)];

        public IPAddress[] Inet6 { get; } = [.. all.Where(address => address.AddressFamily is AddressFamily.InterNetworkV6)];
    }
}
