using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Publishes the snapshot that picks use, and prepares a new one after every change of the pool and every step of a slow start. Once a call
/// that changes the pool has returned, no later pick returns a backend that the change made unavailable. Safe for use by any number of
/// threads.
/// </summary>
internal sealed class Balancer
{
    private readonly BackendPool _pool;
    private readonly TimeProvider _timeProvider;
    private readonly TurnCounter _fallbackTurns = new();
    private readonly Lock _gate = new();
    private IBalancingPolicy _policy;
    private volatile SlowStart? _slowStart;
    private readonly string _group;
    private volatile PickSnapshot _current;
    private PoolSnapshot _source;
    private bool _hasEnded;

    /// <summary>
    /// Creates a balancer that follows changes of <paramref name="pool"/>. Its current backends begin with their full weights.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="policy">Prepares the plans; must not be shared with another balancer.</param>
    /// <param name="slowStart">The duration of slow start; <see cref="TimeSpan.Zero"/> disables it.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="group">The key of the group of backends to pick from.</param>
    /// <param name="before">
    /// The pool as it was before the group appeared: its backends that did not serve then begin a slow start. Null at the start.
    /// </param>
    public Balancer(
        BackendPool pool,
        IBalancingPolicy policy,
        TimeSpan slowStart,
        TimeProvider timeProvider,
        string group = BackendGroup.DefaultKey,
        PoolSnapshot? before = null)
    {
        _group = group;
        _pool = pool;
        _timeProvider = timeProvider;
        _policy = policy;
        _slowStart = slowStart > TimeSpan.Zero ? new SlowStart(slowStart, timeProvider) : null;
        lock (_gate)
        {
            pool.Changed += Update; // a call that comes now waits for the first snapshot
            _source = pool.Snapshot;
            PoolSnapshot own = _source.Group(group);
            if (before is not null)
                _slowStart?.Follow(before, own);
            _current = Prepare(own);
        }
    }

    /// <summary>Raised after <see cref="Current"/> is replaced and the lock is released; events may overlap.</summary>
    public event Action? Changed;

    /// <summary>The snapshot of the latest change. A pick must use the same snapshot throughout.</summary>
    public PickSnapshot Current => _current;

    /// <summary>The interval at which <see cref="Advance"/> should be called; null if slow start is disabled.</summary>
    public TimeSpan? Tick => _slowStart?.Step;

    /// <summary>
    /// Picks by another policy from now on, which must not be shared with another balancer. A slow start under way continues.
    /// </summary>
    public void ChangePolicy(IBalancingPolicy policy)
    {
        IBalancingPolicy previous;
        lock (_gate)
        {
            previous = _policy;
            _policy = policy;
            _current = Prepare(_current.Pool);
            previous.End();
        }

        Changed?.Invoke();
    }

    /// <summary>
    /// Changes the duration of slow start. A backend whose weight is rising continues with the new duration; without slow start, it gets
    /// its full weight at once.
    /// </summary>
    /// <param name="duration">The duration; <see cref="TimeSpan.Zero"/> disables slow start.</param>
    public void ChangeSlowStart(TimeSpan duration)
    {
        lock (_gate)
        {
            if (duration == TimeSpan.Zero)
                _slowStart = null;
            else if (_slowStart is { } slowStart)
                slowStart.Duration = duration;
            else
                _slowStart = new SlowStart(duration, _timeProvider);
            _ = _slowStart?.Advance();
            _current = Prepare(_current.Pool);
        }

        Changed?.Invoke();
    }

    /// <summary>Raises the weights of backends in slow start to those of the current time.</summary>
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

    /// <summary>Stops following the pool, now that the group has no backends. <see cref="Current"/> stays as it is.</summary>
    public void End()
    {
        _pool.Changed -= Update;
        lock (_gate)
        {
            _hasEnded = true;
            _policy.End();
        }
    }

    private void Update(PoolChange change)
    {
        lock (_gate)
        {
            // The snapshot is read within the lock: the last thread to enter sees the last change, and a late one finds it already
            // prepared.
            PoolSnapshot pool = _pool.Snapshot;
            if (pool == _source || _hasEnded)
                return;
            _source = pool;
            PoolSnapshot own = pool.Group(_group);
            _slowStart?.Follow(_current.Pool, own);
            _current = Prepare(own);
        }

        Changed?.Invoke();
    }

    private PickSnapshot Prepare(PoolSnapshot pool)
    {
        WeightedBackends available = EffectivelyWeighted(pool.Available);
        WeightedBackends members = pool.Members == pool.Available ? available : EffectivelyWeighted(pool.Members);
        IBalancingPlan plan = Prepare(available, members);
        var fallback = new FallbackPlan(pool, _fallbackTurns);
        int units = _slowStart is null ? 1 : SlowStart.StepsPerWeight;
        if (available.Count > 0)
            return new PickSnapshot(pool, plan, plan, fallback, available, units);
        WeightedBackends any = EffectivelyWeighted(pool.AvailableOrAny);
        return new PickSnapshot(pool, plan, Prepare(any, any), fallback, available, units);
    }

    private IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) =>
        available.Count == 0 ? EmptyPlan.Instance : _policy.Prepare(available, members);

    private WeightedBackends EffectivelyWeighted(WeightedBackends backends) =>
        _slowStart is null ? backends : backends.Reweigh(_slowStart.EffectiveWeight);
}
