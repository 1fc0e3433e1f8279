using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Limits the weight of a backend that became healthy or was added: its effective weight rises linearly from a tenth to the full weight, in
/// steps of a tenth, so that one rise takes only ten plans. Not thread-safe: the lock of the <see cref="Balancer"/> guards it.
/// </summary>
/// <param name="duration">The duration of the rise; above zero.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SlowStart(TimeSpan duration, TimeProvider timeProvider)
{
    /// <summary>The effective weight of a backend of weight 1 outside of a rise; also the number of steps of a rise.</summary>
    public const int StepsPerWeight = 10;

    private readonly Dictionary<Backend, Rise> _rises = [];

    /// <summary>
    /// The duration of a rise; above zero. A change applies to the rises under way, too, from the next <see cref="Advance"/> on.
    /// </summary>
    public TimeSpan Duration { get; set; } = duration;

    /// <summary>The interval at which <see cref="Advance"/> should be called: once per step.</summary>
    public TimeSpan Step => Duration / StepsPerWeight;

    /// <summary>Returns the effective weight of a backend: its share of new connections is proportional to it.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="weight">Its weight in the pool.</param>
    public int EffectiveWeight(Backend backend, int weight) =>
        weight * (_rises.TryGetValue(backend, out Rise? rise) ? rise.Steps : StepsPerWeight);

    /// <summary>Begins and ends rises according to the changes between two snapshots of the pool.</summary>
    public void Follow(PoolSnapshot before, PoolSnapshot now)
    {
        if (before.All == now.All)
        {
            for (int i = 0; i < now.All.Count; i++)
                Follow(now.All[i], before.States[i], now.States[i]);
            return;
        }

        var states = new Dictionary<Backend, BackendState>(before.All.Count);
        for (int i = 0; i < before.All.Count; i++)
            states.Add(before.All[i], before.States[i]);
        for (int i = 0; i < now.All.Count; i++)
        {
            _ = states.Remove(now.All[i],
                out BackendState state); // the default is unhealthy: an added backend rises like one that recovers
            Follow(now.All[i], state, now.States[i]);
        }

        foreach (Backend removed in states.Keys)
            _ = _rises.Remove(removed);
    }

    /// <summary>Raises the effective weights to those of the current time.</summary>
    /// <returns>Whether an effective weight changed.</returns>
    public bool Advance()
    {
        bool hasChanged = false;
        foreach ((Backend backend, Rise rise) in _rises)
        {
            long steps = 1 + (timeProvider.GetElapsedTime(rise.StartedAt).Ticks * (StepsPerWeight - 1) / Duration.Ticks);
            hasChanged |= steps != rise.Steps;
            rise.Steps = (int)Math.Min(steps, StepsPerWeight);
            if (rise.Steps == StepsPerWeight)
                _ = _rises.Remove(backend); // allowed during enumeration since .NET Core 3
        }

        return hasChanged;
    }

    private void Follow(Backend backend, BackendState before, BackendState now)
    {
        if (!Serves(now))
            _ = _rises.Remove(backend);
        else if (!Serves(before))
            _rises[backend] = new Rise(timeProvider.GetTimestamp());
    }

    // A backend that returns from maintenance is as cold as one that was unhealthy; a drained one has not stopped.
    private static bool Serves(BackendState state) => state is { IsHealthy: true, Intent: not BackendIntent.Maint };

    private sealed class Rise(long startedAt)
    {
        public long StartedAt => startedAt;

        public int Steps { get; set; } = 1;
    }
}
