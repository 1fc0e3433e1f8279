using LbTcp.Backends;

namespace LbTcp.Forwarding;

/// <summary>
/// Decides when picks avoid a backend because it is silent. Only the waits that began after its latest answer count, so neither a long poll
/// nor one slow request makes a backend silent that answers others. Used by one thread at a time.
/// </summary>
/// <param name="backend">The backend.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class BackendSilence(Backend backend, TimeProvider timeProvider)
{
    private const int LongerThanUsual = 4;

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);

    // After the last wait. If the waits have timed out, they eject the backend within this time.
    private static readonly TimeSpan _lull = TimeSpan.FromMilliseconds(50);

    private readonly SmoothedTime _usual = new();
    private WaitTally _recent = new();
    private WaitTally _lasting = new();
    private long _answeredAt = long.MinValue;
    private long _heldAt;
    private long _waitedAt;

    /// <summary>The backend.</summary>
    public Backend Backend => backend;

    /// <summary>Whether it is to be judged by the present look: waits count, or it is held.</summary>
    public bool IsActive { get; set; }

    private bool HasWaits => _recent.Count + _lasting.Count > 0;

    /// <summary>Records an answer: the waits before it no longer count.</summary>
    /// <param name="now">When it was noticed.</param>
    /// <param name="time">How long it took; null if the backend spoke first.</param>
    public void Answered(long now, TimeSpan? time)
    {
        _answeredAt = now;
        _lasting = new WaitTally();
        if (time is { } took)
            _usual.Record(took);
    }

    /// <summary>Begins to count waits.</summary>
    /// <param name="countsLasting">Whether the lasting ones are counted anew as well.</param>
    public void BeginCount(bool countsLasting)
    {
        _recent = new WaitTally();
        if (countsLasting)
            _lasting = new WaitTally();
    }

    /// <summary>Counts a wait, unless an answer has followed it.</summary>
    /// <returns>Whether it counts.</returns>
    public bool Count(long since, bool isLasting)
    {
        if (since < _answeredAt)
            return false;
        ref WaitTally tally = ref isLasting ? ref _lasting : ref _recent;
        tally.Add(since);
        return true;
    }

    /// <summary>Has picks avoid the backend for now.</summary>
    public void Hold(long now)
    {
        backend.IsHeld = true;
        _heldAt = _waitedAt = now;
    }

    /// <summary>Holds the backend, or ends that, after the waits were counted.</summary>
    /// <param name="now">The time.</param>
    /// <param name="tracker">Says how many silent connections are enough.</param>
    /// <returns>Whether it has to be judged again, even if no further wait is counted.</returns>
    public bool Judge(long now, IAnswerTracker tracker)
    {
        if (HasWaits)
            _waitedAt = now;
        if (!backend.IsHeld && IsSilent(now, tracker))
            Hold(now);
        else if (backend.IsHeld && (_answeredAt >= _heldAt || timeProvider.GetElapsedTime(_waitedAt, now) >= _lull))
            backend.IsHeld = false;
        return HasWaits || backend.IsHeld;
    }

    private bool IsSilent(long now, IAnswerTracker tracker)
    {
        if (!HasWaits)
            return false;
        TimeSpan usual = (_usual.Value ?? TimeSpan.Zero) * LongerThanUsual;
        TimeSpan limit = usual > _shortest ? usual : _shortest;
        long oldest = Math.Min(_recent.Oldest, _lasting.Oldest);
        return timeProvider.GetElapsedTime(oldest, now) > limit && _recent.Count + _lasting.Count >= tracker.SilencesLeft(backend);
    }

    /// <summary>How many waits there are, and since when.</summary>
    private struct WaitTally()
    {
        public int Count { get; private set; }

        public long Oldest { get; private set; } = long.MaxValue;

        public void Add(long since)
        {
            Count++;
            Oldest = Math.Min(Oldest, since);
        }
    }
}
