using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;

namespace LbTcp.Discovery;

/// <summary>
/// Recognizes the addresses that this process listens on. A backend with such an address would make the process relay to itself until its
/// descriptors are exhausted. Safe for use by any number of threads; reading the addresses of the host blocks the caller.
/// </summary>
/// <param name="readHostAddresses">Returns the addresses of this host's interfaces, which may change.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class OwnAddresses(Func<IReadOnlySet<IPAddress>> readHostAddresses, TimeProvider timeProvider)
{
    // A service address may move to this host at any time; reading takes a millisecond.
    private static readonly TimeSpan _life = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private volatile IReadOnlyList<EndPoint> _listen = [];
    private volatile IReadOnlyList<EndPoint> _lasting = [];
    private volatile int _version;
    private IReadOnlySet<IPAddress>? _hostAddresses;
    private long _readAt;

    /// <summary>Creates the addresses of a process that does not listen yet.</summary>
    public OwnAddresses()
        : this(ReadHostAddresses, TimeProvider.System)
    {
    }

    /// <summary>The number of changes so far, of the listen addresses and of the host's addresses.</summary>
    public int Version => _version;

    /// <summary>Reads the addresses of the host again if they are needed and old, which may change <see cref="Version"/>.</summary>
    public void Refresh()
    {
        if (_listen.OfType<IPEndPoint>().Any(own => IsWildcard(own.Address)))
            _ = HostAddresses();
    }

    /// <summary>The addresses that the process listens on as long as it runs, for other purposes than services.</summary>
    public IReadOnlyList<EndPoint> Lasting => _lasting;

    /// <summary>Adds addresses that the process listens on as long as it runs, whatever <see cref="Replace"/> says.</summary>
    public void AddLasting(IEnumerable<EndPoint> listen)
    {
        lock (_gate)
        {
            _lasting = [.. _lasting, .. listen];
            _listen = [.. _listen, .. _lasting];
            _version++;
        }
    }

    /// <summary>Replaces the addresses that the process listens on for its services.</summary>
    /// <param name="listen">The addresses; <see cref="IPAddress.IPv6Any"/> stands for all interfaces, IPv4 and IPv6.</param>
    public void Replace(IEnumerable<EndPoint> listen)
    {
        lock (_gate)
        {
            _listen = [.. listen, .. _lasting];
            _version++;
        }
    }

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
        if (endPoint is UnixEndPoint unix)
            return _listen.OfType<UnixEndPoint>().Any(own => UnixPaths.AreSame(own, unix));
        if (endPoint is not IPEndPoint address)
            return false;
        IPAddress reached = Reached(address.Address);
        return _listen.OfType<IPEndPoint>().Any(own => own.Port == address.Port && IsServedBy(own.Address, reached));
    }

    // Dialling the wildcard address reaches loopback (connect(2), Linux).
    private static IPAddress Reached(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    private bool IsServedBy(IPAddress own, IPAddress reached)
    {
        if (own.Equals(reached))
            return true;
        bool isOfFamily = own.Equals(IPAddress.IPv6Any) || reached.AddressFamily == AddressFamily.InterNetwork;
        return IsWildcard(own) && isOfFamily && (IPAddress.IsLoopback(reached) || HostAddresses().Contains(reached));
    }

    private static bool IsWildcard(IPAddress own) => own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any);

    private IReadOnlySet<IPAddress> HostAddresses()
    {
        lock (_gate)
        {
            if (_hostAddresses is null || timeProvider.GetElapsedTime(_readAt) >= _life)
            {
                IReadOnlySet<IPAddress> read = readHostAddresses();
                _readAt = timeProvider.GetTimestamp();
                if (_hostAddresses is { } known && !known.SetEquals(read))
                    _version++;
                _hostAddresses = read;
            }

            return _hostAddresses;
        }
    }
}
