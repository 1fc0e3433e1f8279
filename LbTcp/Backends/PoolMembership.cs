using System.Collections.ObjectModel;
using LbTcp.Configuration;

namespace LbTcp.Backends;

/// <summary>
/// Matches backends to the options of a list, by host and port, and remembers removed backends, so that a list that flaps forgets nothing
/// of them: those with open connections, and the latest others up to a limit. Not thread-safe: the pool's lock guards it.
/// </summary>
internal sealed class PoolMembership
{
    /// <summary>
    /// The maximum number of removed backends without connections that are remembered, those of the latest change not counted.
    /// </summary>
    public const int MaxIdle = 1_000;

    private readonly Dictionary<string, RemovedBackend> _removed = [];
    private long _changes;
    private Dictionary<string, Backend> _members = [];

    /// <summary>The members, in the order of the list; replaced only when membership or order changes.</summary>
    public ReadOnlyCollection<Backend> All { get; private set; } = ReadOnlyCollection<Backend>.Empty;

    /// <summary>The member with that host and port, or null.</summary>
    public Backend? Find(BackendAddress address) => _members.GetValueOrDefault(address.HostAndPort);

    /// <summary>Replaces the members by the backends of <paramref name="backends"/>, in which no host and port may occur twice.</summary>
    /// <param name="backends">The options.</param>
    /// <param name="endsOverrides">Whether a configured weight that changes ends the overriding one.</param>
    public PoolChange Apply(IReadOnlyList<BackendOptions> backends, bool endsOverrides)
    {
        var members = new Dictionary<string, Backend>(backends.Count);
        var all = new Backend[backends.Count];
        List<Backend> added = [];
        List<Backend> unchanged = [];
        List<OptionsChange> changed = [];
        List<Backend> overrideEnded = [];
        for (int i = 0; i < all.Length; i++)
        {
            BackendOptions options = backends[i];
            string key = options.Address.HostAndPort;
            if (!_members.TryGetValue(key, out Backend? backend))
                added.Add(backend = Join(key, options, endsOverrides, overrideEnded));
            else if (backend.Options == options)
                unchanged.Add(backend);
            else
                changed.Add(Replace(backend, options, endsOverrides, overrideEnded));
            members.Add(key, backend);
            all[i] = backend;
        }

        Backend[] removed = [.. All.Where(backend => !members.ContainsKey(backend.Address.HostAndPort))];
        ForgetOldest();
        _changes++;
        foreach (Backend backend in removed)
            Leave(backend);
        _members = members;
        if (!All.SequenceEqual(all))
            All = Array.AsReadOnly(all);
        return new PoolChange
        {
            Added = added,
            Removed = removed,
            Changed = changed,
            Unchanged = unchanged,
            OverrideEnded = overrideEnded,
        };
    }

    // What the latest change removes is not counted before the next one: a pick that began before the change may still open a connection,
    // and a list that was empty by mistake is restored as a whole.
    private void ForgetOldest()
    {
        if (_removed.Count <= MaxIdle)
            return;
        RemovedBackend[] idle = [.. _removed.Values.Where(removed => removed.Backend.OpenConnections == 0)];
        foreach (RemovedBackend oldest in idle.OrderBy(removed => removed.Change).Take(Math.Max(0, idle.Length - MaxIdle)))
            _ = _removed.Remove(oldest.Backend.Address.HostAndPort);
    }

    private Backend Join(string key, BackendOptions options, bool endsOverrides, List<Backend> overrideEnded)
    {
        Backend backend;
        if (_removed.Remove(key, out RemovedBackend removed))
            _ = Replace(backend = removed.Backend, options, endsOverrides, overrideEnded);
        else
            backend = new Backend(options);
        backend.IsInPool = true;
        return backend;
    }

    private static OptionsChange Replace(Backend backend, BackendOptions options, bool endsOverrides, List<Backend> overrideEnded)
    {
        var change = new OptionsChange(backend, backend.Options, options);
        backend.Options = options;
        if (endsOverrides && change.Old.Weight != options.Weight && backend.WeightOverride is not null)
        {
            backend.WeightOverride = null;
            overrideEnded.Add(backend);
        }

        return change;
    }

    private void Leave(Backend backend)
    {
        backend.IsInPool = false;
        _removed.Add(backend.Address.HostAndPort, new RemovedBackend(backend, _changes));
    }

    /// <summary>A backend that was removed, and the number of the change that removed it.</summary>
    private readonly record struct RemovedBackend(Backend Backend, long Change);
}
