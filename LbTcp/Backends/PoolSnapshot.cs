using System.Collections.ObjectModel;

namespace LbTcp.Backends;

/// <summary>
/// An immutable view of a pool after one change: its backends, and which of them are available. Every change publishes a new snapshot.
/// </summary>
internal sealed class PoolSnapshot
{
    private readonly BackendState[] _states;

    /// <summary>Reads the state of all backends; must be called under the pool's lock.</summary>
    /// <param name="all">Every backend, in the order given; snapshots of the same membership share the list.</param>
    public PoolSnapshot(ReadOnlyCollection<Backend> all)
        : this(all, StatesOf(all)) => Groups = BackendGroup.Of(this);

    private PoolSnapshot(ReadOnlyCollection<Backend> all, BackendState[] states)
    {
        All = all;
        _states = states;
        bool hasPrimary = false;
        int healthy = 0;
        foreach (BackendState state in states)
        {
            healthy += state.IsHealthy ? 1 : 0;
            hasPrimary |= state is { IsHealthy: true, AllowsConnections: true, IsBackup: false };
        }

        Healthy = healthy == all.Count ? all : Array.AsReadOnly(SelectHealthy(healthy));
        Members = Select(state => state.AllowsConnections && state.IsBackup != hasPrimary);
        Available = Select(state => state.IsHealthy && state.AllowsConnections && state.IsBackup != hasPrimary);
        if (Available.Count == Members.Count)
            Available = Members;
        AvailableOrAny = Available.Count > 0 ? Available : Select(static state => state.AllowsConnections);
    }

    /// <summary>Every backend, in the order given.</summary>
    public ReadOnlyCollection<Backend> All { get; }

    /// <summary>The state of each backend, in the order of <see cref="All"/>.</summary>
    public ReadOnlySpan<BackendState> States => _states;

    /// <summary>The healthy backends, regardless of intent and weight.</summary>
    public ReadOnlyCollection<Backend> Healthy { get; }

    /// <summary>
    /// The backends that a new connection may go to: healthy, ready, resolved, with a weight above 0, and in the tier in use. Backup
    /// backends are used only while no other backend is available.
    /// </summary>
    public WeightedBackends Available { get; }

    /// <summary>The backends of the tier in use that would be available if all were healthy; includes the available ones.</summary>
    public WeightedBackends Members { get; }

    /// <summary>
    /// The available backends; while there are none, every backend that is ready and resolved with a weight above 0, regardless of health
    /// and tier.
    /// </summary>
    public WeightedBackends AvailableOrAny { get; }

    /// <summary>
    /// The backends by the server names that they serve, the default group first; the only one, with this snapshot, while no backend has
    /// a server name. Empty in the snapshot of a group.
    /// </summary>
    public IReadOnlyList<BackendGroup> Groups { get; } = [];

    /// <summary>Returns the backends of the group with the given key as a pool of their own, empty if there is no such group.</summary>
    public PoolSnapshot Group(string key) => Groups.FirstOrDefault(group => group.Key == key)?.Pool ?? Part([]);

    /// <summary>Returns the backends at the given places as a pool of their own.</summary>
    internal PoolSnapshot Part(IReadOnlyList<int> places) =>
        new(Array.AsReadOnly([.. places.Select(place => All[place])]), [.. places.Select(place => _states[place])]);

    private static BackendState[] StatesOf(ReadOnlyCollection<Backend> all)
    {
        var states = new BackendState[all.Count];
        for (int i = 0; i < states.Length; i++)
            states[i] = BackendState.Of(all[i]);
        return states;
    }

    private Backend[] SelectHealthy(int count)
    {
        var backends = new Backend[count];
        for (int i = 0, next = 0; next < count; i++)
        {
            if (_states[i].IsHealthy)
                backends[next++] = All[i];
        }

        return backends;
    }

    private WeightedBackends Select(Predicate<BackendState> isChosen)
    {
        int count = 0;
        foreach (BackendState state in _states)
            count += isChosen(state) ? 1 : 0;
        var backends = new Backend[count];
        int[] weights = new int[count];
        for (int i = 0, next = 0; next < count; i++)
        {
            if (!isChosen(_states[i]))
                continue;
            weights[next] = _states[i].Weight;
            backends[next++] = All[i];
        }

        return new WeightedBackends(backends, weights);
    }
}
