using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Hosting;

/// <summary>
/// The ports that a reload opens, hands over from one service to another, and closes. A service that keeps a port is not concerned.
/// </summary>
internal sealed class PortExchange
{
    private readonly IReadOnlyDictionary<string, LoadBalancer> _running;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<EndPoint>> _wanted;
    private readonly List<PortMove> _moves = [];
    private readonly List<(string Service, EndPoint Address)> _opened = [];

    /// <summary>Compares the ports of services with the addresses that are wanted.</summary>
    /// <param name="running">The services that run.</param>
    /// <param name="wanted">
    /// All addresses of each service that has other ones than before, which includes services that begin and services that end.
    /// </param>
    public PortExchange(
        IReadOnlyDictionary<string, LoadBalancer> running, IReadOnlyDictionary<string, IReadOnlyList<EndPoint>> wanted)
    {
        _running = running;
        _wanted = wanted;
        foreach ((string service, IReadOnlyList<EndPoint> addresses) in wanted)
        {
            foreach (EndPoint address in addresses.Where(address => !PortsOf(service).Any(port => port.Address.Equals(address))))
            {
                if (FindGivenUp(address) is { } givenUp)
                    _moves.Add(givenUp with { To = service });
                else
                    _opened.Add((service, address));
            }
        }

        Closed =
        [
            .. wanted.Keys.SelectMany(service => PortsOf(service).Where(port => IsGivenUp(service, port)),
                (service, port) => new PortMove(service, running[service], port, To: null)),
        ];
    }

    /// <summary>The ports that go from one service to another.</summary>
    public IReadOnlyList<PortMove> Moves => _moves;

    /// <summary>The ports that are given up and have no other service.</summary>
    public IReadOnlyList<PortMove> Closed { get; }

    /// <summary>The addresses that are opened.</summary>
    public IEnumerable<EndPoint> Opened => _opened.Select(port => port.Address);

    /// <summary>
    /// Opens the new sockets, or none at all. The system cannot open an address while this process listens on an overlapping one, which is
    /// not closed before all is known to be well: the message says so.
    /// </summary>
    /// <exception cref="ListenException">An address cannot be listened on.</exception>
    /// <exception cref="StartException">An address overlaps with one that this process listens on.</exception>
    public IReadOnlyList<(string Service, ServicePort Port)> Open(ITransport transport)
    {
        ServicePort[] ports = [.. _running.Values.SelectMany(service => service.Ports)];
        foreach ((_, EndPoint address) in _opened)
        {
            if (Array.Find(ports, port => Overlap(port.LocalEndPoint, address)) is { } other)
            {
                throw new StartException(
                    $"Cannot listen on {address}: lbtcp listens on {other.LocalEndPoint}, which overlaps. Use another port, or restart.",
                    isConfigurationError: false);
            }
        }

        return
        [
            .. _opened.Zip(ListenSockets.Open(Opened).All,
                (opened, socket) => (opened.Service, ServicePort.Of(opened.Address, socket, transport))),
        ];
    }

    private IReadOnlyList<ServicePort> PortsOf(string service) =>
        _running.TryGetValue(service, out LoadBalancer? running) ? running.Ports : [];

    private PortMove? FindGivenUp(EndPoint address) => _wanted.Keys
        .SelectMany(service => PortsOf(service), (service, port) => (Service: service, Port: port))
        .Where(given => given.Port.Address.Equals(address) && IsGivenUp(given.Service, given.Port))
        .Select(given => new PortMove(given.Service, _running[given.Service], given.Port, To: null))
        .FirstOrDefault();

    private bool IsGivenUp(string service, ServicePort port) =>
        !_wanted[service].Any(address => address.Equals(port.Address)) && !_moves.Exists(move => move.Port == port);

    private static bool Overlap(EndPoint open, EndPoint wanted) =>
        open is IPEndPoint one && wanted is IPEndPoint other && one.Port == other.Port
        && (one.Address.Equals(other.Address) || Includes(one.Address, other.Address) || Includes(other.Address, one.Address));

    // The socket of the IPv6 wildcard serves IPv4 as well.
    private static bool Includes(IPAddress wildcard, IPAddress address) =>
        wildcard.Equals(IPAddress.IPv6Any) || (wildcard.Equals(IPAddress.Any) && address.AddressFamily == AddressFamily.InterNetwork);
}

/// <summary>A port that a service gives up.</summary>
/// <param name="Service">The name of the service.</param>
/// <param name="From">The service.</param>
/// <param name="Port">The port.</param>
/// <param name="To">The name of the service that gets it; null if the port is closed.</param>
internal sealed record PortMove(string Service, LoadBalancer From, ServicePort Port, string? To);
