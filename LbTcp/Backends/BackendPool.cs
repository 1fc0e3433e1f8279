using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Backends;

/// <summary>
/// The backends and the single source of truth for their health and intent. All members may be called from any number of threads: readers
/// get an immutable snapshot without locking or allocating; writers are serialized.
/// </summary>
public sealed class BackendPool
{
    private readonly Lock _writers = new();
    private readonly PoolMembership _membership = new();
    private volatile PoolSnapshot _snapshot;

    /// <summary>Creates a pool in which every backend is healthy.</summary>
    /// <param name="urls">Backend URLs, <c>[tcp://|http://]host:port</c>, in the order in which they are used.</param>
    /// <exception cref="FormatException">A URL is not a backend address; the message says what is wrong with it.</exception>
    /// <exception cref="ArgumentException">Two URLs name the same host and port.</exception>
    public BackendPool(IEnumerable<string> urls)
        : this(urls.Select(url => BackendAddress.TryParse(url, out BackendAddress? address, out string? error)
            ? new BackendOptions { Address = address }
            : throw new FormatException(error)))
    {
    }

    internal BackendPool(IEnumerable<BackendOptions> backends)
    {
        _snapshot = new PoolSnapshot(_membership.All);
        _ = Apply([.. backends]);
    }

    /// <summary>
    /// Raised after every change, on the thread that made it, after all locks are released and before the call returns. Events may overlap,
    /// and may be raised in a different order than the changes were made; see <see cref="PoolChange"/>.
    /// </summary>
    internal event Action<PoolChange>? Changed;

    /// <summary>
    /// Every backend, healthy or not, in the order given; the health checker probes all of them so that a failed one can recover.
    /// </summary>
    public IReadOnlyList<Backend> GetAllBackends() => _snapshot.All;

    /// <summary>
    /// The backends that are healthy now, in the order given; may be empty. The list is immutable; call again for a newer one.
    /// </summary>
    public IReadOnlyList<Backend> GetHealthyBackends() => _snapshot.Healthy;

    /// <summary>The pool as of its latest change.</summary>
    internal PoolSnapshot Snapshot => _snapshot;

    /// <summary>
    /// Replaces the list of backends. Those with the same host and port stay and get the new options; those that are missing take no new
    /// connections. A removed backend that returns continues with its health, intent and counters, unless it was removed long ago (see
    /// <see cref="PoolMembership"/>); any other added backend begins healthy.
    /// </summary>
    /// <exception cref="ArgumentException">Two backends have the same host and port; nothing was changed.</exception>
    internal PoolChange Apply(IReadOnlyList<BackendOptions> backends)
    {
        PoolChange change = Replace(backends);
        Raise(change);
        return change;
    }

    /// <summary>
    /// Replaces the list of backends as <see cref="Apply"/> does, without raising <see cref="Changed"/>. The caller decides under a lock of
    /// its own, and passes the change to <see cref="Raise"/> after releasing that lock.
    /// </summary>
    /// <param name="backends">The options.</param>
    /// <param name="isDiscovered">
    /// Whether they follow from the answer of a name server; a configuration that changes a weight ends its overriding.
    /// </param>
    /// <exception cref="ArgumentException">Two backends have the same host and port; nothing was changed.</exception>
    internal PoolChange Replace(IReadOnlyList<BackendOptions> backends, bool isDiscovered = false)
    {
        var addresses = new HashSet<string>(backends.Count);
        foreach (BackendOptions options in backends)
        {
            if (!addresses.Add(options.Address.HostAndPort))
                throw new ArgumentException(
                    $"The backend {options.Name ?? options.Address.HostAndPort} is listed twice.", nameof(backends));
        }

        lock (_writers)
        {
            PoolChange change = _membership.Apply(backends, endsOverrides: !isDiscovered) with { IsDiscovered = isDiscovered };
            bool isSame = change.Changed.Count == 0 && _snapshot.All == _membership.All; // options, membership and order
            if (!isSame)
                Publish();
            return change with { IsPublished = !isSame };
        }
    }

    /// <summary>Marks a backend healthy, so that it can get new connections. A URL that is not in the pool changes nothing.</summary>
    /// <returns>Whether the backend's health changed.</returns>
    public bool MarkHealthy(string url) => Mark(url, isHealthy: true);

    /// <summary>
    /// Marks a backend unhealthy, which keeps new connections away from it. A URL that is not in the pool changes nothing.
    /// </summary>
    /// <returns>Whether the backend's health changed.</returns>
    public bool MarkUnhealthy(string url) => Mark(url, isHealthy: false);

    /// <summary>Sets the operator's intent for a backend; one that is not in the pool is not changed.</summary>
    /// <returns>Whether the intent changed.</returns>
    internal bool SetIntent(Backend backend, BackendIntent intent)
    {
        lock (_writers)
        {
            if (!backend.IsInPool || backend.Intent == intent)
                return false;
            backend.Intent = intent;
            Publish();
        }

        Raise(new PoolChange { IntentChanged = [backend] });
        return true;
    }

    /// <summary>
    /// Overrides the configured weight of a backend, until the configuration changes that weight or this is called again; one that is not
    /// in the pool is not changed.
    /// </summary>
    /// <param name="backend">The backend.</param>
    /// <param name="weight">0 to <see cref="BackendSettings.MaxWeight"/>; null for the configured weight.</param>
    /// <returns>Whether the overriding weight changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The weight is out of its range.</exception>
    internal bool OverrideWeight(Backend backend, int? weight)
    {
        if (weight is < 0 or > BackendSettings.MaxWeight)
            throw new ArgumentOutOfRangeException(nameof(weight), weight, $"A weight is 0 to {BackendSettings.MaxWeight}.");
        lock (_writers)
        {
            if (!backend.IsInPool || backend.WeightOverride == weight)
                return false;
            backend.WeightOverride = weight;
            Publish();
        }

        Raise(new PoolChange { WeightChanged = [backend] });
        return true;
    }

    /// <summary>
    /// Changes the health of backends with one publication, without raising <see cref="Changed"/>. The caller decides under a lock of its
    /// own, and passes the change to <see cref="Raise"/> after releasing that lock. A backend that is not in the pool is not changed.
    /// </summary>
    /// <returns>The change, with the backends whose health changed in the given order; null when nothing changed.</returns>
    internal PoolChange? Flip(IEnumerable<(Backend Backend, bool IsHealthy)> flips)
    {
        List<Backend> flipped = [];
        lock (_writers)
        {
            foreach ((Backend backend, bool isHealthy) in flips)
            {
                if (!backend.IsInPool || backend.IsHealthy == isHealthy)
                    continue;
                backend.IsHealthy = isHealthy;
                flipped.Add(backend);
            }

            if (flipped.Count == 0)
                return null;
            Publish();
        }

        return new PoolChange { Flipped = flipped };
    }

    /// <summary>
    /// Raises <see cref="Changed"/> for a change made by <see cref="Flip"/> or <see cref="Replace"/>. The caller must not hold a lock.
    /// </summary>
    internal void Raise(PoolChange change)
    {
        if (change.IsPublished)
            Changed?.Invoke(change);
    }

    // "http://localhost:3001/" and "localhost:3001" name the backend that was given as "http://localhost:3001".
    private bool Mark(string url, bool isHealthy)
    {
        if (!BackendAddress.TryParse(url, out BackendAddress? address, out _))
            return false;
        Backend? backend;
        lock (_writers)
            backend = _membership.Find(address);
        if (backend is null || Flip([(backend, isHealthy)]) is not { } change)
            return false;
        Raise(change with { IsMarked = true });
        return true;
    }

    private void Publish() => _snapshot = new PoolSnapshot(_membership.All);
}
