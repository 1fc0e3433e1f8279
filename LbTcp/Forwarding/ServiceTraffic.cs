using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Counts the connections of a service and has the counts of each of its backends, which live as long as the backend: one that is removed
/// and returns continues them. Counting neither allocates nor locks, apart from the first time for a backend or on a thread. Safe for use
/// by any number of threads.
/// </summary>
/// <param name="connections">The open connections, whose bytes count as well.</param>
internal sealed class ServiceTraffic(ActiveConnections connections)
{
    private readonly ConditionalWeakTable<Backend, BackendTraffic> _backends = [];
    private readonly ActiveTraffic _active = new();
    private readonly ThreadShards<Shard> _shards = new();
    private readonly Lock _reading = new();
    private readonly List<ActiveConnection> _visited = [];
    private ByteCounts _bytes;

    /// <summary>The number of accepted connections.</summary>
    public long Accepted => Sum(Shard.Accepted);

    /// <summary>The number of connections that ended because of a failure; see <see cref="ConnectionEndReasons.IsFailure"/>.</summary>
    public long Failed => Sum(Shard.Failed);

    /// <summary>The counts of a backend.</summary>
    public BackendTraffic Of(Backend backend) =>
        Find(backend) ?? _backends.GetValue(backend, _ => new BackendTraffic(_active));

    /// <summary>The counts of a backend; null if there are none yet.</summary>
    public BackendTraffic? Find(Backend backend) => _backends.TryGetValue(backend, out BackendTraffic? traffic) ? traffic : null;

    /// <summary>Records that a client was accepted.</summary>
    public void ClientAccepted() => _shards.Current.Counts.Increment(Shard.Accepted);

    /// <summary>Records that a client's connection to a backend was established.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="connect">The time from the accept.</param>
    public void Connected(Backend backend, TimeSpan connect)
    {
        _shards.Current.Connect.Record(connect);
        Of(backend).Connected(connect);
    }

    /// <summary>Records a dial that failed.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="error">The error.</param>
    /// <param name="isAbandoned">Whether the dial was given up, because the client's connection ended.</param>
    public void DialFailed(Backend backend, SocketError error, bool isAbandoned)
    {
        if (!isAbandoned)
            _shards.Current.Counts.Increment(Shard.FailedDials);
        Of(backend).DialFailed(isAbandoned ? AttemptOutcome.Abandoned : OutcomeOf(error));
    }

    /// <summary>Records the end of a dial that was begun beside another one.</summary>
    public void HedgeEnded(HedgeOutcome outcome) => _shards.Current.Counts.Increment(Shard.Hedge(outcome));

    /// <summary>The dials that were begun beside another one and have ended, in the order of <see cref="HedgeOutcome"/>.</summary>
    public long[] ReadHedges() => [.. Enum.GetValues<HedgeOutcome>().Select(outcome => Sum(Shard.Hedge(outcome)))];

    /// <summary>
    /// Records the end of a connection. It must be tracked no longer, so that no reader finds its bytes both here and among the open ones.
    /// </summary>
    public void Ended(ActiveConnection connection)
    {
        Shard shard = _shards.Current;
        ConnectionEndReason reason = connection.Reason;
        if (reason.IsFailure())
            shard.Counts.Increment(Shard.Failed);
        if (connection.Dial.Queued is { } queued)
            shard.QueueWait.Record(queued);
        if (connection.Dial.Backend is { } backend)
            Of(backend).Ended(reason, connection.Age, BytesOf(connection));
        else
            shard.Counts.Increment((int)reason);
    }

    /// <summary>The counts that rates follow from; those of bytes as <see cref="ReadBytes"/> has read them last.</summary>
    public TrafficTotals ReadTotals()
    {
        lock (_reading)
            return new TrafficTotals(Accepted, Failed + Sum(Shard.FailedDials), _bytes);
    }

    /// <summary>
    /// Reads the bytes of ended and of open connections: those of each backend are in <see cref="BackendTraffic.ReadTotals"/> afterwards.
    /// No reader sees a count go down. Walks over all open connections.
    /// </summary>
    /// <returns>The bytes of all backends, removed ones included.</returns>
    public ByteCounts ReadBytes()
    {
        lock (_reading)
        {
            // Ended connections first: one that ends meanwhile is counted by neither of the sums, and never by both.
            _active.Update();
            foreach (BackendTraffic traffic in _active.Known)
                traffic.BeginRead();
            connections.Visit(_visited, AddOpen);
            foreach (BackendTraffic traffic in _active.Known)
                _bytes += traffic.EndRead();
            return _bytes;
        }
    }

    /// <summary>Calls <paramref name="visit"/> for each backend whose totals may have changed since the last call. One at a time.</summary>
    /// <param name="visit">Receives each of them.</param>
    /// <param name="readsBytes">Whether bytes are read first.</param>
    public void VisitActive(Action<BackendTraffic> visit, bool readsBytes)
    {
        lock (_reading)
        {
            if (readsBytes)
                _ = ReadBytes();
            else
                _active.Update();
            foreach (BackendTraffic traffic in _active.Known)
                visit(traffic);
            if (readsBytes)
                _active.RemovePaused();
        }
    }

    /// <summary>The times from the accept to the established connection, of all backends.</summary>
    public HistogramCounts ReadConnect() => HistogramCounts.Sum(_shards.All.Select(static shard => shard.Connect));

    /// <summary>The times in the queue, of the ended connections that were queued.</summary>
    public HistogramCounts ReadQueueWait() => HistogramCounts.Sum(_shards.All.Select(static shard => shard.QueueWait));

    /// <summary>The connections that ended without a backend by reason, in the order of <see cref="ConnectionEndReason"/>.</summary>
    public long[] ReadEndedWithoutBackend()
    {
        long[] ended = new long[ConnectionEndReasons.Count];
        foreach (Shard shard in _shards.All)
            shard.Counts.AddTo(ended);
        return ended;
    }

    private void AddOpen(ActiveConnection connection)
    {
        if (connection.Dial.Backend is { } backend)
            Find(backend)?.AddOpen(BytesOf(connection));
    }

    private static ByteCounts BytesOf(ActiveConnection connection) => new(connection.BytesIn, connection.BytesOut);

    private static AttemptOutcome OutcomeOf(SocketError error) =>
        SocketErrors.IsLocalFault(error) ? AttemptOutcome.LocalFault
        : error is SocketError.TimedOut ? AttemptOutcome.TimedOut
        : error is SocketError.ConnectionRefused ? AttemptOutcome.Refused
        : AttemptOutcome.Failed;

    private long Sum(int counter)
    {
        long sum = 0;
        foreach (Shard shard in _shards.All)
            sum += shard.Counts.Read(counter);
        return sum;
    }

    // The counters of a thread: ends without a backend by reason, and what follows.
    private sealed class Shard
    {
        public static readonly int Accepted = ConnectionEndReasons.Count;
        public static readonly int Failed = Accepted + 1;
        public static readonly int FailedDials = Failed + 1;

        public CounterBlock Counts { get; } = new(Hedge(HedgeOutcome.Failed) + 1);

        public DurationHistogram Connect { get; } = new();

        public DurationHistogram QueueWait { get; } = new();

        public static int Hedge(HedgeOutcome outcome) => FailedDials + 1 + (int)outcome;
    }
}
