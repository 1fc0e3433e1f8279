using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;

namespace LbTcp.Discovery;

/// <summary>
/// Resolves host names to addresses without blocking the calling thread. Concurrent look-ups of one name are combined. A backend keeps its
/// last known addresses if a look-up fails. Safe for use by any number of threads.
/// </summary>
/// <param name="lookUp">Returns the addresses of a name from the resolver of the system.</param>
internal sealed class HostResolver(Func<string, Task<IPAddress[]>> lookUp)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<HostAddresses>> _underWay = new(StringComparer.Ordinal);

    /// <summary>Creates a resolver that uses the one of the system.</summary>
    public HostResolver()
        : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Resolves the name of <paramref name="backend"/> again; does nothing for an address literal.</summary>
    /// <returns><see cref="SocketError.Success"/>, or the error because of which the last known addresses were kept.</returns>
    public Task<SocketError> RefreshAsync(Backend backend) =>
        backend.Address.IsName ? Task.Run(() => UpdateAsync(backend)) : Task.FromResult(SocketError.Success);

    /// <summary>Resolves a name, or reads an address literal.</summary>
    public Task<HostAddresses> ResolveAsync(string hostName)
    {
        if (IPAddress.TryParse(hostName, out IPAddress? literal))
            return Task.FromResult(new HostAddresses([Unmapped(literal)], SocketError.Success));
        lock (_gate)
        {
            if (!_underWay.TryGetValue(hostName, out Task<HostAddresses>? resolving))
                _underWay[hostName] = resolving =
                    Task.Run(() => LookUpAsync(hostName)); // the resolver blocks before its first await on some systems
            return resolving;
        }
    }

    private async Task<SocketError> UpdateAsync(Backend backend)
    {
        HostAddresses found = await ResolveAsync(backend.Address.HostName);
        if (found.Error is SocketError.Success)
            backend.EndPoints = Array.ConvertAll(found.Addresses, address => new IPEndPoint(address, backend.Address.Port));
        return found.Error;
    }

    private async Task<HostAddresses> LookUpAsync(string hostName)
    {
        try
        {
            IPAddress[] addresses = await lookUp(hostName);
            return addresses.Length > 0
                ? new HostAddresses([.. addresses.Select(Unmapped).Distinct()], SocketError.Success)
                : new HostAddresses([], SocketError.HostNotFound);
        }
        catch (SocketException exception)
        {
            return new HostAddresses([], exception.SocketErrorCode);
        }
        catch (ArgumentException)
        {
            return new HostAddresses([], SocketError.HostNotFound); // the name is not a valid host name
        }
        finally
        {
            lock (_gate)
                _ = _underWay.Remove(hostName);
        }
    }

    // An IPv6 socket does not reach an IPv4-mapped address (::ffff:10.0.0.1), an IPv4 socket does.
    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
