namespace LbTcp.Hosting.Operations;

/// <summary>The latest changes of the state of one backend. Safe for use by any number of threads.</summary>
internal sealed class BackendJournal
{
    /// <summary>The number of changes that are kept.</summary>
    public const int Capacity = 20;

    private readonly Lock _gate = new();
    private readonly Queue<Transition> _transitions = new(Capacity);
    private Transition? _health;
    private Transition? _intent;
    private Transition? _weight;
    private long _since;
    private long _flips;
    private long _ejections;

    /// <summary>The kept changes, the newest first.</summary>
    public IReadOnlyList<Transition> Latest
    {
        get
        {
            lock (_gate)
                return [.. _transitions.Reverse()];
        }
    }

    /// <summary>The latest change of the health; null if there was none.</summary>
    public Transition? Health => Volatile.Read(ref _health);

    /// <summary>The latest change of the operator's intent; null if there was none.</summary>
    public Transition? Intent => Volatile.Read(ref _intent);

    /// <summary>The latest change of the weight by an operator; null if there was none.</summary>
    public Transition? Weight => Volatile.Read(ref _weight);

    /// <summary>Since when the backend has its health and intent.</summary>
    public DateTimeOffset Since => new(Volatile.Read(ref _since), TimeSpan.Zero);

    /// <summary>The number of changes between healthy and unhealthy.</summary>
    public long Flips => Volatile.Read(ref _flips);

    /// <summary>The number of ejections.</summary>
    public long Ejections => Volatile.Read(ref _ejections);

    /// <summary>Notes that the backend was added.</summary>
    public void Added(Transition transition)
    {
        Volatile.Write(ref _since, transition.Time.UtcTicks);
        Add(transition);
    }

    /// <summary>Notes a change of the health.</summary>
    /// <param name="transition">The change.</param>
    /// <param name="isFlip">Whether it is a change between healthy and unhealthy.</param>
    public void HealthChanged(Transition transition, bool isFlip)
    {
        Volatile.Write(ref _health, transition);
        Volatile.Write(ref _since, transition.Time.UtcTicks);
        if (isFlip)
            _ = Interlocked.Increment(ref _flips);
        if (transition.State == HealthWords.Ejected)
            _ = Interlocked.Increment(ref _ejections);
        Add(transition);
    }

    /// <summary>Notes a change of the operator's intent.</summary>
    public void IntentChanged(Transition transition)
    {
        Volatile.Write(ref _intent, transition);
        Volatile.Write(ref _since, transition.Time.UtcTicks);
        Add(transition);
    }

    /// <summary>Notes a change of the weight by an operator.</summary>
    public void WeightChanged(Transition transition)
    {
        Volatile.Write(ref _weight, transition);
        Add(transition);
    }

    /// <summary>Notes any other change.</summary>
    public void Add(Transition transition)
    {
        lock (_gate)
        {
            if (_transitions.Count == Capacity)
                _ = _transitions.Dequeue();
            _transitions.Enqueue(transition);
        }
    }
}
