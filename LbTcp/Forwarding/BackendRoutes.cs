using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

namespace LbTcp.Forwarding;

/// <summary>
/// The routes of a service to its backends: one for each group of backends that serve the same server names, and the default one, which is
/// all that a service without server names has. Follows the membership of the pool. Safe for use by any number of threads.
/// </summary>
internal sealed class BackendRoutes
{
    private readonly BackendPool _pool;
    private readonly CurrentOptions<ForwardingOptions> _options;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private Algorithm _algorithm;
    private TimeSpan _slowStart;
    private PoolSnapshot _before;
    private bool _sharesSlots;
    private volatile BackendRouteTable _table;

    /// <summary>Creates the routes to the backends of <paramref name="pool"/>.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="algorithm">The algorithm of every route.</param>
    /// <param name="slowStart">The duration of slow start; <see cref="TimeSpan.Zero"/> disables it.</param>
    /// <param name="options">The options of the queues.</param>
    /// <param name="timeProvider">The clock.</param>
    public BackendRoutes(
        BackendPool pool,
        Algorithm algorithm,
        TimeSpan slowStart,
        CurrentOptions<ForwardingOptions> options,
        TimeProvider timeProvider)
    {
        _pool = pool;
        _algorithm = algorithm;
        _slowStart = slowStart;
        _options = options;
        _timeProvider = timeProvider;
        _before = pool.Snapshot;

        // A group that appears has its route before the default one leaves its backends out, and one that disappears has it until the
        // default one has them: no client finds its backends on neither.
        pool.Changed += _ => Follow(isDefaultPrepared: false);
        Default = Create([], before: null);
        pool.Changed += _ => Follow(isDefaultPrepared: true);
        _table = new BackendRouteTable([], Default);
        Follow(isDefaultPrepared: true);
    }

    /// <summary>Raised after <see cref="Table"/> has changed, on the thread that changed the pool.</summary>
    public event Action? TableChanged;

    /// <summary>Raised when the picks of a route have changed; events may overlap.</summary>
    public event Action? PicksChanged;

    /// <summary>The route of services without server names.</summary>
    public BackendRoute Default { get; }

    /// <summary>The routes as of now.</summary>
    public BackendRouteTable Table => _table;

    /// <inheritdoc cref="Balancer.Tick"/>
    public TimeSpan? Tick => Default.Balancer.Tick;

    /// <summary>The number of clients that wait for a slot.</summary>
    public int QueueLength => _table.All.Sum(static route => route.Queue.Length);

    /// <summary>
    /// The available backends of each group with their effective weights, without the groups that share some of their backends with others:
    /// how many connections those backends should have is not known.
    /// </summary>
    public IReadOnlyList<WeightedBackends> SeparateWeights()
    {
        BackendRoute[] all = [.. _table.All];
        if (all.Length == 1)
            return [all[0].Weights];
        HashSet<Backend> shared =
        [
            .. all.SelectMany(static route => route.Backends)
                .CountBy(static backend => backend)
                .Where(static count => count.Value > 1)
                .Select(static count => count.Key),
        ];
        return [.. all.Where(route => !shared.Overlaps(route.Backends)).Select(static route => route.Weights)];
    }

    /// <summary>Picks by another algorithm from now on.</summary>
    public void ChangeAlgorithm(Algorithm algorithm)
    {
        lock (_gate)
            _algorithm = algorithm;
        foreach (BackendRoute route in _table.All.Union([Default]))
            route.Balancer.ChangePolicy(Policies.Create(algorithm));
    }

    /// <inheritdoc cref="Balancer.ChangeSlowStart"/>
    public void ChangeSlowStart(TimeSpan duration)
    {
        lock (_gate)
            _slowStart = duration;
        foreach (BackendRoute route in _table.All.Union([Default]))
            route.Balancer.ChangeSlowStart(duration);
    }

    /// <inheritdoc cref="Balancer.Advance"/>
    public void Advance()
    {
        foreach (BackendRoute route in _table.All)
            route.Balancer.Advance();
    }

    private void Follow(bool isDefaultPrepared)
    {
        lock (_gate)
        {
            PoolSnapshot pool = _pool.Snapshot;
            PoolSnapshot before = _before;
            if (isDefaultPrepared)
                _before = pool;
            if (_table.Matches(pool.Groups))
                return;
            BackendRouteTable next = RoutesTo(pool.Groups, before);
            BackendRoute[] leaving = [.. _table.Named.Except(next.Named)];
            if (isDefaultPrepared)
            {
                foreach (BackendRoute left in leaving)
                    left.Balancer.End();
            }
            else
            {
                // Of a pattern in both, the last one counts.
                next = new BackendRouteTable([.. leaving, .. next.Named], _table.Fallback ?? next.Fallback);
            }

            _table = next;
        }

        TableChanged?.Invoke();
    }

    private BackendRouteTable RoutesTo(IReadOnlyList<BackendGroup> groups, PoolSnapshot before) => new(
        [
            .. groups
                .Where(static group => !group.IsDefault)
                .Select(group => _table.Named.FirstOrDefault(route => route.Key == group.Key) ?? Create(group.Names, before)),
        ],
        groups.Any(static group => group.IsDefault) ? Default : null);

    private BackendRoute Create(IReadOnlyList<string> names, PoolSnapshot? before)
    {
        var balancer = new Balancer(
            _pool, Policies.Create(_algorithm), _slowStart, _timeProvider, BackendGroup.KeyOf(names), before);
        balancer.Changed += () => PicksChanged?.Invoke();
        if (names.Count > 0 && !_sharesSlots)
        {
            _sharesSlots = true;
            Default.Queue.SlotReleased += ServeAll;
        }

        return new BackendRoute(names, balancer, new ConnectionQueue(balancer, _options, _timeProvider));
    }

    // A slot may be waited for in the queues of several groups.
    private void ServeAll()
    {
        foreach (BackendRoute route in _table.Named)
        {
            if (route.Queue.Length > 0)
                route.Queue.Serve();
        }
    }
}
