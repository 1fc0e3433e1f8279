using System.Collections.Frozen;
using LbTcp.Balancing;
using LbTcp.Configuration;

namespace LbTcp.Backends;

/// <summary>
/// The backends and the single source of truth for their health. All members may be called from any number of threads: readers get an
/// immutable snapshot without locking or allocating; writers take turns.
/// </summary>
public sealed class BackendPool
{
    private readonly Lock _writers = new();
    private readonly Backend[] _all;
    private readonly FrozenDictionary<string, Backend> _byUrl;
    private volatile PoolSnapshot _snapshot;
    private IBalancingPolicy? _policy;
    private SlowStart? _slowStart;

    /// <summary>Makes a pool in which every backend is healthy.</summary>
    /// <param name="urls">Backend URLs, <c>[tcp://|http://]host:port</c>, in the order in which they are used.</param>
    /// <exception cref="FormatException">A URL is not a backend address; the message says what is wrong with it.</exception>
    /// <exception cref="ArgumentException">Two URLs name the same host and port.</exception>
    public BackendPool(IEnumerable<string> urls)
        : this(urls.Select(url => BackendAddress.TryParse(url, out BackendAddress? address, out string? error)
            ? new Backend(address)
            : throw new FormatException(error)))
    {
    }

    internal BackendPool(IEnumerable<Backend> backends)
    {
        _all = [.. backends];
        var byUrl = new Dictionary<string, Backend>(StringComparer.OrdinalIgnoreCase);
        foreach (Backend backend in _all)
        {
            if (!byUrl.TryAdd(backend.Address.HostAndPort, backend))
                throw new ArgumentException($"The backend {backend.Name} is listed twice.", nameof(backends));
            byUrl[backend.Url] = backend;
        }

        _byUrl = byUrl.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _snapshot = new PoolSnapshot(_all, _policy);
    }

    /// <summary>
    /// Raised after a backend's health has changed, by the thread that changed it and without a lock: several may be under way at a time, so whoever
    /// listens looks at what the pool is now.
    /// </summary>
    internal event Action? Changed;

    /// <summary>Every backend, healthy or not, in the order given; the health checker probes all of them so that a failed one can come back.</summary>
    public IReadOnlyList<Backend> GetAllBackends() => _snapshot.All;

    /// <summary>The backends that are healthy now, in the order given; may be empty. The list never changes: ask again for a newer one.</summary>
    public IReadOnlyList<Backend> GetHealthyBackends() => _snapshot.Healthy;

    /// <summary>The pool as it is now. One snapshot answers all questions of one pick.</summary>
    internal PoolSnapshot Snapshot => _snapshot;

    /// <summary>Says how new connections are spread; until then the plans pick nobody.</summary>
    /// <param name="policy">Prepares the plans; of this pool alone.</param>
    /// <param name="slowStart">Limits backends that come back; null for full shares at once.</param>
    internal void Balance(IBalancingPolicy policy, SlowStart? slowStart = null)
    {
        lock (_writers)
        {
            _policy = policy;
            _slowStart = slowStart;
            Publish();
        }
    }

    /// <summary>Raises the shares of backends in slow start as far as the time has come.</summary>
    internal void AdvanceSlowStart()
    {
        lock (_writers)
        {
            if (_slowStart?.Advance() is true)
                Publish();
        }
    }

    /// <summary>Lets a backend take new connections. A URL that is not in the pool changes nothing.</summary>
    /// <returns>Whether the backend's health changed.</returns>
    public bool MarkHealthy(string url) => Mark(url, isHealthy: true);

    /// <summary>Keeps new connections away from a backend. A URL that is not in the pool changes nothing.</summary>
    /// <returns>Whether the backend's health changed.</returns>
    public bool MarkUnhealthy(string url) => Mark(url, isHealthy: false);

    private bool Mark(string url, bool isHealthy)
    {
        if (Find(url) is not { } backend)
            return false;
        lock (_writers)
        {
            if (backend.IsHealthy == isHealthy)
                return false;
            backend.IsHealthy = isHealthy;
            if (isHealthy)
                _slowStart?.Begin(backend);
            else
                _slowStart?.End(backend);
            Publish();
        }

        Changed?.Invoke();
        return true;
    }

    private void Publish() => _snapshot = new PoolSnapshot(_all, _policy);

    // "http://localhost:3001/" and "localhost:3001" name the backend that was given as "http://localhost:3001".
    private Backend? Find(string url)
    {
        if (_byUrl.TryGetValue(url, out Backend? backend))
            return backend;
        return BackendAddress.TryParse(url, out BackendAddress? address, out _) ? _byUrl.GetValueOrDefault(address.HostAndPort) : null;
    }
}
