using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Backends;

/// <summary>
/// The addresses that a host stands for: the last known answer, replaced by every successful resolution and kept when one fails.
/// An address literal is known at once and never resolved.
/// </summary>
internal sealed class HostEndPoints
{
    private readonly string _host;
    private readonly int _port;
    private readonly Lock _gate = new();
    private volatile IPEndPoint[] _current = [];
    private Task<SocketError>? _refresh;

    /// <summary>For a host as <see cref="Hosts"/> reads it, and a port.</summary>
    public HostEndPoints(string host, int port)
    {
        _host = host;
        _port = port;
        IsName = !IPAddress.TryParse(_host, out IPAddress? literal);
        if (literal is not null)
            _current = [EndPoint(literal)];
    }

    /// <summary>Whether the host is a name, as opposed to an address.</summary>
    public bool IsName { get; }

    /// <summary>The addresses known now, in the resolver's order; empty until a name was resolved once.</summary>
    public IPEndPoint[] Current => _current;

    /// <summary>
    /// Resolves the name again, away from the calling thread; calls that overlap share one look-up.
    /// </summary>
    /// <returns><see cref="SocketError.Success"/>, or why the last known addresses were kept.</returns>
    public Task<SocketError> RefreshAsync()
    {
        if (!IsName)
            return Task.FromResult(SocketError.Success);
        lock (_gate)
        {
            if (_refresh is null or { IsCompleted: true })
                _refresh = Task.Run(ResolveAsync); // the resolver blocks before its first await on some systems
            return _refresh;
        }
    }

    private async Task<SocketError> ResolveAsync()
    {
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(_host);
            if (addresses.Length == 0)
                return SocketError.HostNotFound;
            _current = [.. addresses.Select(EndPoint).Distinct()];
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
        catch (ArgumentException)
        {
            return SocketError.HostNotFound; // a name that no resolver takes
        }
    }

    // An IPv6 socket does not reach an IPv4-mapped address (::ffff:10.0.0.1), an IPv4 socket does.
    private IPEndPoint EndPoint(IPAddress address) => new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, _port);
}
