namespace LbTcp.Forwarding;

/// <summary>
/// The dials of a service that have no answer yet, linked through themselves. So many parts that threads which dial hardly ever meet. Safe
/// for use by any number of threads.
/// </summary>
internal sealed class PendingDials
{
    private const int Shards = 16;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];
    private bool _isIdle = true;

    /// <summary>Raised by the first dial after <see cref="TryRest"/>, on the thread that dials. Handlers must not block.</summary>
    public event Action? Woken;

    /// <summary>Whether <see cref="TryRest"/> has succeeded and nothing was dialled since.</summary>
    public bool IsIdle => Volatile.Read(in _isIdle);

    /// <summary>The number of dials so far; may lag behind for the moment.</summary>
    public long Begun
    {
        get
        {
            long sum = 0;
            foreach (Shard shard in _shards)
                sum += shard.Begun;
            return sum;
        }
    }

    /// <summary>Adds a dial that begins.</summary>
    public void Add(DialAttempt attempt)
    {
        ShardOf(attempt).Add(attempt);
        if (IsIdle && Interlocked.Exchange(ref _isIdle, false))
            Woken?.Invoke();
    }

    /// <summary>Removes a dial that has ended.</summary>
    public void Remove(DialAttempt attempt) => ShardOf(attempt).Remove(attempt);

    /// <summary>Appends the dials of this moment to <paramref name="list"/>.</summary>
    public void CopyTo(List<DialAttempt> list)
    {
        foreach (Shard shard in _shards)
            shard.CopyTo(list);
    }

    /// <summary>Rests until the next dial if none has begun since <paramref name="begun"/> was read, and none is pending.</summary>
    public void TryRest(long begun)
    {
        _ = Interlocked.Exchange(ref _isIdle, true); // a full fence: either this sees a new dial, or its Add sees this
        if (Begun != begun || Array.Exists(_shards, static shard => !shard.IsEmpty))
            Volatile.Write(ref _isIdle, false);
    }

    private Shard ShardOf(DialAttempt attempt) => _shards[attempt.Connection.Id % Shards];

    private sealed class Shard
    {
        private readonly Lock _gate = new();
        private DialAttempt? _first;

        public long Begun { get; private set; }

        public bool IsEmpty
        {
            get
            {
                lock (_gate)
                    return _first is null;
            }
        }

        public void Add(DialAttempt attempt)
        {
            lock (_gate)
            {
                Begun++;
                attempt.IsPending = true;
                attempt.Next = _first;
                if (_first is not null)
                    _first.Previous = attempt;
                _first = attempt;
            }
        }

        public void Remove(DialAttempt attempt)
        {
            lock (_gate)
            {
                attempt.IsPending = false;
                if (attempt.Previous is { } previous)
                    previous.Next = attempt.Next;
                else
                    _first = attempt.Next;
                if (attempt.Next is { } next)
                    next.Previous = attempt.Previous;
                attempt.Previous = attempt.Next = null;
            }
        }

        public void CopyTo(List<DialAttempt> list)
        {
            lock (_gate)
            {
                for (DialAttempt? attempt = _first; attempt is not null; attempt = attempt.Next)
                    list.Add(attempt);
            }
        }
    }
}
