using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Counts the dials of one backend and its ended connections. Counting neither allocates nor locks, apart from the first time on a thread;
/// the counts of all threads are summed when they are read. Safe for use by any number of threads.
/// </summary>
/// <param name="active">The backends whose counts change; this one joins them with each event after a pause.</param>
internal sealed class BackendTraffic(ActiveTraffic active)
{
    private readonly ThreadShards<Shard> _shards = new();
    private bool _isActive;
    private ByteCounts _ended; // this and what follows are used under the lock of ServiceTraffic
    private ByteCounts _open;
    private ByteCounts _reported;
    private bool _isReading;
    private bool _hasOpen;
    private long _eventsBefore;

    /// <summary>The one that has joined the active ones before.</summary>
    public BackendTraffic? NextJoined { get; set; }

    /// <summary>Records a dial that established a connection.</summary>
    /// <param name="connect">The time from the accept of the client.</param>
    public void Connected(TimeSpan connect)
    {
        Shard shard = _shards.Current;
        shard.Counts.Increment(Shard.Attempt(AttemptOutcome.Connected));
        shard.Connect.Record(connect);
        Join();
    }

    /// <summary>Records a dial that did not establish a connection.</summary>
    public void DialFailed(AttemptOutcome outcome)
    {
        Shard shard = _shards.Current;
        shard.Counts.Increment(Shard.Attempt(outcome));
        if (outcome is not AttemptOutcome.Abandoned)
            shard.Counts.Increment(Shard.Failures);
        Join();
    }

    /// <summary>Records the end of a connection that this backend has served.</summary>
    /// <param name="reason">Why it ended.</param>
    /// <param name="duration">The time from the accept.</param>
    /// <param name="bytes">The bytes that it moved.</param>
    public void Ended(ConnectionEndReason reason, TimeSpan duration, ByteCounts bytes)
    {
        Shard shard = _shards.Current;
        shard.Counts.Add(Shard.BytesIn, bytes.In);
        shard.Counts.Add(Shard.BytesOut, bytes.Out);
        shard.Counts.Increment((int)reason);
        if (reason.IsFailure())
            shard.Counts.Increment(Shard.Failures);
        shard.Duration.Record(duration);
        Join();
    }

    /// <summary>All counts of ended connections and dials.</summary>
    public TrafficCounts Read()
    {
        long[] ended = new long[ConnectionEndReasons.Count];
        long[] attempts = new long[Shard.Outcomes];
        foreach (Shard shard in _shards.All)
        {
            shard.Counts.AddTo(ended);
            shard.Counts.AddTo(attempts, Shard.Attempt(default));
        }

        return new TrafficCounts(ended, attempts, ReadConnect(), HistogramCounts.Sum(_shards.All.Select(static shard => shard.Duration)));
    }

    /// <summary>The times from the accept to the established connection.</summary>
    public HistogramCounts ReadConnect() => HistogramCounts.Sum(_shards.All.Select(static shard => shard.Connect));

    /// <summary>The counts that rates follow from; those of bytes as <see cref="ServiceTraffic.ReadBytes"/> has read them last.</summary>
    public TrafficTotals ReadTotals()
    {
        (long attempts, long failures) = (0, 0);
        foreach (Shard shard in _shards.All)
        {
            for (int outcome = 0; outcome < Shard.Outcomes; outcome++)
                attempts += shard.Counts.Read(Shard.Attempt((AttemptOutcome)outcome));
            failures += shard.Counts.Read(Shard.Failures);
        }

        return new TrafficTotals(attempts, failures, _reported);
    }

    /// <summary>Begins to count bytes: reads those of ended connections.</summary>
    public void BeginRead()
    {
        _ended = _open = default;
        (_isReading, _hasOpen) = (true, false);
        foreach (Shard? shard in _shards.Slots)
        {
            if (shard is not null)
                _ended += new ByteCounts(shard.Counts.Read(Shard.BytesIn), shard.Counts.Read(Shard.BytesOut));
        }
    }

    /// <summary>
    /// Adds the bytes of an open connection. Those of a backend that was not active at the begin count next time: its ended connections
    /// would be read too late, and one that ends meanwhile would be counted by both of the sums.
    /// </summary>
    public void AddOpen(ByteCounts bytes)
    {
        if (_isReading)
            (_open, _hasOpen) = (_open + bytes, true);
    }

    /// <summary>Ends counting bytes.</summary>
    /// <returns>How many more there are than before.</returns>
    public ByteCounts EndRead()
    {
        // A connection that has ended since the begin is in neither of the sums: the count waits until it is.
        ByteCounts before = _reported;
        _reported = ByteCounts.Max(before, _ended + _open);
        _isReading = false;
        return _reported - before;
    }

    /// <summary>
    /// Pauses until the next event if there was none since the last call, and the last read has found no open connection.
    /// </summary>
    /// <returns>Whether this one is to be removed from the active ones; an event that comes meanwhile has it join them again.</returns>
    public bool TryPause()
    {
        long events = SumEvents();
        if (_hasOpen || events != _eventsBefore)
        {
            _eventsBefore = events;
            return false;
        }

        // A full fence between this and the sum, as between the count of an event and its look at this: one of the two sees the other.
        _ = Interlocked.Exchange(ref _isActive, false);
        return SumEvents() == events || Interlocked.Exchange(ref _isActive, true);
    }

    private void Join()
    {
        if (!Volatile.Read(ref _isActive) && !Interlocked.Exchange(ref _isActive, true))
            active.Join(this);
    }

    // Grows with each event that changes the totals.
    private long SumEvents()
    {
        long sum = 0;
        foreach (Shard? shard in _shards.Slots)
        {
            for (int counter = Shard.Attempt(default); shard is not null && counter <= Shard.BytesOut; counter++)
                sum += shard.Counts.Read(counter);
        }

        return sum;
    }

    // The counters of a thread: ends by reason, attempts by outcome, and what follows.
    private sealed class Shard
    {
        public static readonly int Outcomes = Enum.GetValues<AttemptOutcome>().Length;
        public static readonly int Failures = ConnectionEndReasons.Count + Outcomes;
        public static readonly int BytesIn = Failures + 1;
        public static readonly int BytesOut = BytesIn + 1;

        public CounterBlock Counts { get; } = new(BytesOut + 1);

        public DurationHistogram Connect { get; } = new();

        public DurationHistogram Duration { get; } = new();

        public static int Attempt(AttemptOutcome outcome) => ConnectionEndReasons.Count + (int)outcome;
    }
}
