using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Publishes what a pick needs, and prepares it anew after every change of the pool and every step of a slow start. After a call that
/// changed the pool has returned, no pick that begins later takes a backend that the change made unavailable. May be used from any thread.
/// </summary>
internal sealed class Balancer
{
    private readonly BackendPool _pool;
    private readonly IBalancingPolicy _policy;
    private readonly SlowStart? _slowStart;
    private readonly Lock _gate = new();
    private volatile PickSnapshot _current;

    /// <summary>Follows <paramref name="pool"/> from now on. The backends that it has begin with their full weights.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="policy">Prepares the plans; used by this balancer alone.</param>
    /// <param name="slowStart">The duration of the rise of weights; <see cref="TimeSpan.Zero"/> for none.</param>
    /// <param name="timeProvider">The clock.</param>
    public Balancer(BackendPool pool, IBalancingPolicy policy, TimeSpan slowStart, TimeProvider timeProvider)
    {
        _pool = pool;
        _policy = policy;
        _slowStart = slowStart > TimeSpan.Zero ? new SlowStart(slowStart, timeProvider) : null;
        lock (_gate)
        {
            pool.Changed += _ => Update(); // waits for the first snapshot
            _current = Prepare(pool.Snapshot);
        }
    }

    /// <summary>Raised after <see cref="Current"/> was replaced, without a lock; several may be raised at a time.</summary>
    public event Action? Changed;

    /// <summary>What a pick needs, as of the latest change. One snapshot answers all questions of one pick.</summary>
    public PickSnapshot Current => _current;

    /// <summary>How often <see cref="Advance"/> should be called; null when there is no slow start.</summary>
    public TimeSpan? Tick => _slowStart?.Step;

    /// <summary>Raises the weights of backends in slow start as far as the time has come.</summary>
    public void Advance()
    {
        lock (_gate)
        {
            if (_slowStart?.Advance() is not true)
                return;
            _current = Prepare(_current.Pool);
        }

        Changed?.Invoke();
    }

    private void Update()
    {
        lock (_gate)
        {
            // The newest, read within the lock: the last thread to come here has seen the last change, and a late one finds it done.
            PoolSnapshot pool = _pool.Snapshot;
            if (pool == _current.Pool)
                return;
            _slowStart?.Follow(_current.Pool, pool);
            _current = Prepare(pool);
        }

        Changed?.Invoke();
    }

    private PickSnapshot Prepare(PoolSnapshot pool)
    {
        WeightedBackends available = EffectivelyWeighted(pool.Available);
        WeightedBackends members = pool.Members == pool.Available ? available : EffectivelyWeighted(pool.Members);
        IBalancingPlan plan = Prepare(available, members);
        if (available.Count > 0)
            return new PickSnapshot(pool, plan, plan);
        WeightedBackends any = EffectivelyWeighted(pool.AvailableOrAny);
        return new PickSnapshot(pool, plan, Prepare(any, any));
    }

    private IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) =>
        available.Count == 0 ? EmptyPlan.Instance : _policy.Prepare(available, members);

    private WeightedBackends EffectivelyWeighted(WeightedBackends backends) =>
        _slowStart is null ? backends : backends.Reweigh(_slowStart.EffectiveWeight);
}
