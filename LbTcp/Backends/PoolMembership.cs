using System.Collections.ObjectModel;
using LbTcp.Configuration;

namespace LbTcp.Backends;

/// <summary>
/// Matches backends to the options of a list, by host and port, and remembers removed backends while they have open connections.
/// Not thread-safe: the pool's lock guards it.
/// </summary>
internal sealed class PoolMembership
{
    private readonly Dictionary<string, Backend> _removed = [];
    private Dictionary<string, Backend> _members = [];

    /// <summary>The members, in the order of the list; replaced only when membership or order changes.</summary>
    public ReadOnlyCollection<Backend> All { get; private set; } = ReadOnlyCollection<Backend>.Empty;

    /// <summary>The member with that host and port, or null.</summary>
    public Backend? Find(BackendAddress address) => _members.GetValueOrDefault(address.HostAndPort);

    /// <summary>Replaces the members by the backends of <paramref name="backends"/>, in which no host and port may occur twice.</summary>
    public PoolChange Apply(IReadOnlyList<BackendOptions> backends)
    {
        ForgetIdle();
        var members = new Dictionary<string, Backend>(backends.Count);
        var all = new Backend[backends.Count];
        List<Backend> added = [];
        List<Backend> unchanged = [];
        List<OptionsChange> changed = [];
        for (int i = 0; i < all.Length; i++)
        {
            BackendOptions options = backends[i];
            string key = options.Address.HostAndPort;
            if (!_members.TryGetValue(key, out Backend? backend))
                added.Add(backend = Join(key, options));
            else if (backend.Options == options)
                unchanged.Add(backend);
            else
                changed.Add(Replace(backend, options));
            members.Add(key, backend);
            all[i] = backend;
        }

        Backend[] removed = [.. All.Where(backend => !members.ContainsKey(backend.Address.HostAndPort))];
        foreach (Backend backend in removed)
            Leave(backend);
        _members = members;
        if (!All.SequenceEqual(all))
            All = Array.AsReadOnly(all);
        return new PoolChange { Added = added, Removed = removed, Changed = changed, Unchanged = unchanged };
    }

    // Backends that the latest change removed are kept until the next one: a pick that began before the change may still open a connection.
    private void ForgetIdle()
    {
        foreach ((string key, Backend backend) in _removed)
        {
            if (backend.OpenConnections == 0)
                _ = _removed.Remove(key); // allowed during enumeration since .NET Core 3
        }
    }

    private Backend Join(string key, BackendOptions options)
    {
        if (_removed.Remove(key, out Backend? backend))
            backend.Options = options;
        else
            backend = new Backend(options);
        backend.IsInPool = true;
        return backend;
    }

    private static OptionsChange Replace(Backend backend, BackendOptions options)
    {
        var change = new OptionsChange(backend, backend.Options, options);
        backend.Options = options;
        return change;
    }

    private void Leave(Backend backend)
    {
        backend.IsInPool = false;
        _removed.Add(backend.Address.HostAndPort, backend);
    }
}
