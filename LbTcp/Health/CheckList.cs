using System.Diagnostics;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Health;

/// <summary>
/// The checks of a pool: one for each backend that is checked, has an address and is not in maintenance. The list follows changes of the
/// pool and of the options. The checks of a backend live as long as the backend, so a backend that is removed and returns does not get a
/// second probe while one is still running. Safe for use by any number of threads.
/// </summary>
internal sealed class CheckList
{
    private const double GoldenRatio = 0.6180339887498949;

    private readonly BackendPool _pool;
    private readonly PoolHealth _health;
    private readonly CurrentOptions<HealthCheckOptions> _options;
    private readonly ConditionalWeakTable<Backend, BackendCheck> _known = [];
    private readonly Lock _gate = new();
    private volatile BackendCheck[] _current = [];
    private int _groups;

    /// <summary>Lists the checks of <paramref name="pool"/> and follows its changes.</summary>
    public CheckList(BackendPool pool, PoolHealth health, CurrentOptions<HealthCheckOptions> options)
    {
        _pool = pool;
        _health = health;
        _options = options;
        pool.Changed += change =>
        {
            if (change.ConcernsChecks)
                Update();
        };
        options.Changed += (_, _) => Update();
        Update();
    }

    /// <summary>The checks, in the order of the pool. The array is immutable; a change replaces it.</summary>
    public BackendCheck[] Current => _current;

    /// <summary>The shortest interval among the current checks.</summary>
    public TimeSpan ShortestInterval =>
        _current.Select(check => _options.Value.IntervalFor(check.Backend.Options)).DefaultIfEmpty(_options.Value.Interval).Min();

    /// <summary>The shortest time limit among the current checks.</summary>
    public TimeSpan ShortestTimeout =>
        _current.Select(check => _options.Value.TimeoutFor(check.Backend.Options)).DefaultIfEmpty(_options.Value.Timeout).Min();

    /// <summary>Returns whether <paramref name="backend"/> should be checked now.</summary>
    public bool Includes(Backend backend) =>
        backend is { IsInPool: true, IsResolved: true, Intent: not BackendIntent.Maint }
        && _options.Value.KindFor(backend.Options) is not CheckKind.None;

    // Reads the current state of the pool rather than the change, so the list is right after the last event, in whatever order events come.
    private void Update()
    {
        lock (_gate)
        {
            HealthCheckOptions options = _options.Value;
            Backend[] included = [.. _pool.Snapshot.All.Where(Includes)];
            AddUnknown([.. included.Where(backend => !_known.TryGetValue(backend, out _))]);
            BackendCheck[] previous = _current;
            _current = Array.ConvertAll(
                included, backend => _known.TryGetValue(backend, out BackendCheck? check) ? check : throw new UnreachableException());
            foreach (BackendCheck check in _current)
                check.Resume(options.IntervalFor(check.Backend.Options));
            foreach (BackendCheck check in previous.Except(_current))
                check.Suspend();
        }
    }

    // Backends that are added together are spread evenly over the interval. Groups are offset by multiples of the golden ratio, whose
    // fractional parts are evenly distributed (Knuth, TAOCP volume 3, section 6.4), so backends that are added one by one are spread as
    // well.
    private void AddUnknown(Backend[] backends)
    {
        if (backends.Length == 0)
            return;
        double offset = _groups++ * GoldenRatio % 1;
        for (int i = 0; i < backends.Length; i++)
        {
            double phase = offset + ((i + 1.0) / backends.Length);
            var schedule = new CheckSchedule(_options.Value.IntervalFor(backends[i].Options), phase > 1 ? phase - 1 : phase);
            _known.Add(backends[i], new BackendCheck(_health.RecordOf(backends[i]), schedule));
        }
    }
}
