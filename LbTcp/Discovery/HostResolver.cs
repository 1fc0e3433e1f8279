using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;

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
    private readonly Dictionary<Backend, Task<SocketError>> _refreshing = [];

    /// <summary>Creates a resolver that uses the one of the system.</summary>
    public HostResolver()
        : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Resolves the name of <paramref name="backend"/> again; does nothing for an address literal.</summary>
    /// <returns><see cref="SocketError.Success"/>, or the error because of which the last known addresses were kept.</returns>
    public Task<SocketError> RefreshAsync(Backend backend)
    {
        if (!backend.Address.IsName)
            return Task.FromResult(SocketError.Success);
        lock (_gate)
        {
            if (!_refreshing.TryGetValue(backend, out Task<SocketError>? refreshing))
                _refreshing[backend] = refreshing = Task.Run(() => UpdateAsync(backend));
            return refreshing;
        }
    }

    /// <summary>Resolves a name, or reads an address literal.</summary>
    public Task<HostAddresses> ResolveAsync(string hostName)
    {
        if (IPAddress.TryParse(hostName, out IPAddress? literal))
            return Task.FromResult(new HostAddresses([literal], SocketError.Success));
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
        try
        {
            HostAddresses found = await ResolveAsync(backend.Address.HostName);
            if (found.Error is SocketError.Success)
                backend.EndPoints = Array.ConvertAll<IPAddress, EndPoint>(
                    found.Addresses, address => new IPEndPoint(address, backend.Address.Port));
            return found.Error;
        }
        finally
        {
            lock (_gate)
                _ = _refreshing.Remove(backend);
        }
    }

    private async Task<HostAddresses> LookUpAsync(string hostName)
    {
        try
        {
            IPAddress[] addresses = await lookUp(hostName);
            return addresses.Length > 0
                ? new HostAddresses([.. addresses.Select(Hosts.Unmapped).Distinct()], SocketError.Success)
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
}
