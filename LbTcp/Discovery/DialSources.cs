using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;

namespace LbTcp.Discovery;

/// <summary>
/// Selects the addresses of this machine from which a backend is dialled: the backend's own, or those of all backends in turn. One of
/// another family than the address that is dialled is not used for it. Each backend has a turn of its own: with a common one, an algorithm
/// that picks backends in turn would dial each of them from the same address every time. Safe for use by any number of threads; neither
/// locks nor allocates for a backend that was dialled before.
/// </summary>
/// <param name="configured">
/// Returns the source addresses of all backends, an immutable list; called for every dial, so that a reload takes effect.
/// </param>
internal sealed class DialSources(Func<IReadOnlyList<IPAddress>> configured)
{
    private readonly ConditionalWeakTable<Backend, Turns> _turns = [];
    private volatile Families _families = new([]);

    /// <summary>No source addresses: the system selects one, except for a backend that has its own.</summary>
    public static DialSources None { get; } = new(() => []);

    /// <summary>
    /// Raised when a backend was dialled from another address because this machine does not have the one whose turn it was, on the thread
    /// of the dial, which must not be blocked.
    /// </summary>
    public event Action<Backend>? Missing;

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
        if (addresses.Length > 1)
            turn = _turns.GetValue(backend, static _ => new Turns()).Next(isInet);
        return addresses;
    }

    /// <summary>Records that this machine does not have an address, and that the backend was dialled from another one instead.</summary>
    public void ReportMissing(Backend backend) => Missing?.Invoke(backend);

    private Families Current()
    {
        IReadOnlyList<IPAddress> addresses = configured();
        Families families = _families;
        return ReferenceEquals(families.All, addresses) ? families : _families = new Families(addresses);
    }

    private sealed class Turns
    {
        private uint _inet;
        private uint _inet6;

        public uint Next(bool isInet) => Interlocked.Increment(ref isInet ? ref _inet : ref _inet6) - 1;
    }

    private sealed class Families(IReadOnlyList<IPAddress> all)
    {
        public IReadOnlyList<IPAddress> All => all;

        public IPAddress[] Inet { get; } = [.. all.Where(address => address.AddressFamily is AddressFamily.InterNetwork)];

        public IPAddress[] Inet6 { get; } = [.. all.Where(address => address.AddressFamily is AddressFamily.InterNetworkV6)];
    }
}
