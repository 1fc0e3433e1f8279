using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Counts the dials of one backend and its ended connections. Counting neither allocates nor locks, apart from the first time on a thread;
/// the counts of all threads are summed when they are read. Safe for use by any number of threads.
/// </summary>
internal sealed class BackendTraffic
{
    private readonly ThreadShards<Shard> _shards = new();
    private ByteCounts _ended; // this and the next two are used under the lock of ServiceTraffic.ReadBytes
    private ByteCounts _open;
    private ByteCounts _reported;

    /// <summary>Records a dial that established a connection.</summary>
    /// <param name="connect">The time from the accept of the client.</param>
    public void Connected(TimeSpan connect)
    {
        Shard shard = _shards.Current;
        shard.Counts.Increment(Shard.Attempt(AttemptOutcome.Connected));
        shard.Connect.Record(connect);
    }

    /// <summary>Records a dial that did not establish a connection.</summary>
    public void DialFailed(AttemptOutcome outcome)
    {
        Shard shard = _shards.Current;
        shard.Counts.Increment(Shard.Attempt(outcome));
        if (outcome is not AttemptOutcome.Abandoned)
            shard.Counts.Increment(Shard.Failures);
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
        foreach (Shard shard in _shards.All)
            _ended += new ByteCounts(shard.Counts.Read(Shard.BytesIn), shard.Counts.Read(Shard.BytesOut));
    }

    /// <summary>Adds the bytes of an open connection.</summary>
    public void AddOpen(ByteCounts bytes) => _open += bytes;

    /// <summary>Ends counting bytes.</summary>
    /// <returns>How many more there are than before.</returns>
    public ByteCounts EndRead()
    {
        // A connection that has ended since the begin is in neither of the sums: the count waits until it is.
        ByteCounts before = _reported;
        _reported = ByteCounts.Max(before, _ended + _open);
        return _reported - before;
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
