using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// Samples the traffic of a service once per second, for rates, recent connect times and the history. Safe for use by any number of
/// threads.
/// </summary>
internal sealed class TrafficSampler
{
    private const int SamplesPerQuarter = 15; // of a minute

    // So many are walked over in well below a millisecond; the bytes of more are read every second only while somebody looks at them.
    private const int FewConnections = 1_000;

    private static readonly TimeSpan _lookingTime = TimeSpan.FromSeconds(5);

    private readonly ServiceTraffic _traffic;
    private readonly ActiveConnections _connections;
    private readonly TrafficHistory _process;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<BackendTraffic, TrafficSamples> _backends = [];
    private readonly Action<BackendTraffic> _sampleBackend;
    private readonly TrafficSamples _service = new();
    private readonly SampleTimes _times;
    private TrafficTotals _totals;
    private long _lookedAt;
    private long _bytesReadAt;
    private HistogramCounts _connect = HistogramCounts.Empty;
    private long _period = -1;
    private int _openInPeriod;

    /// <summary>For a service that begins now.</summary>
    /// <param name="traffic">The counts of the service.</param>
    /// <param name="connections">Its connections.</param>
    /// <param name="process">The history of the process.</param>
    /// <param name="timeProvider">The clock.</param>
    public TrafficSampler(ServiceTraffic traffic, ActiveConnections connections, TrafficHistory process, TimeProvider timeProvider)
    {
        _traffic = traffic;
        _connections = connections;
        _process = process;
        _timeProvider = timeProvider;
        _times = new SampleTimes(timeProvider.GetTimestamp());
        _lookedAt = _bytesReadAt = _times.Latest;
        _sampleBackend = SampleBackend;
        History = new TrafficHistory(timeProvider);
    }

    /// <summary>The interval at which <see cref="Sample"/> should be called.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The history of the service.</summary>
    public TrafficHistory History { get; }

    /// <summary>Takes a sample.</summary>
    public void Sample()
    {
        lock (_gate)
        {
            long now = _timeProvider.GetTimestamp();
            if (now == _times.Latest)
                return; // the first call, as the service begins
            _times.Add(now);
            bool readsBytes = _connections.Count <= FewConnections || History.Period != _period
                || _timeProvider.GetElapsedTime(_lookedAt, now) <= _lookingTime;
            _traffic.VisitActive(_sampleBackend, readsBytes);
            if (readsBytes)
                _bytesReadAt = now;
            TrafficTotals totals = _traffic.ReadTotals();
            _service.Add(now, totals);
            HistogramCounts connect = _traffic.ReadConnect();
            AddToHistory(totals - _totals, connect.Since(_connect));
            (_totals, _connect) = (totals, connect);
            if (_service.Enter(_times.Count / SamplesPerQuarter))
                _service.BeginQuarter(connect);
        }
    }

    /// <summary>The traffic of a backend; rates as of the latest sample, bytes as they were last read for the service.</summary>
    public TrafficStatus Of(Backend backend)
    {
        lock (_gate)
        {
            KeepBytesFresh();
            if (_traffic.Find(backend) is not { } counts)
                return StatusOf(backend.OpenConnections, default, 0, default, HistogramCounts.Empty);
            TrafficTotals totals = counts.ReadTotals();
            TrafficSamples? samples = _backends.TryGetValue(counts, out TrafficSamples? known) ? known : null;
            HistogramCounts connect = counts.ReadConnect();
            return StatusOf(
                backend.OpenConnections,
                totals,
                totals.Failures,
                samples is null ? default : RatesOf(samples),
                samples?.Recent(connect) ?? connect);
        }
    }

    /// <summary>
    /// The traffic of the service; rates as of the latest sample, bytes as they were last read: it is asked for too often, by orchestrators
    /// among others, to walk over all open connections each time.
    /// </summary>
    public TrafficStatus OfService()
    {
        lock (_gate)
        {
            KeepBytesFresh();
            return StatusOf(
                _connections.Count,
                _traffic.ReadTotals(),
                _traffic.Failed,
                RatesOf(_service),
                _service.Recent(_traffic.ReadConnect()));
        }
    }

    // Somebody looks: from now on bytes are read with each sample. If they were not, they are read once more.
    private void KeepBytesFresh()
    {
        _lookedAt = _timeProvider.GetTimestamp();
        if (_timeProvider.GetElapsedTime(_bytesReadAt, _lookedAt) <= 2 * Interval)
            return;
        _ = _traffic.ReadBytes();
        _bytesReadAt = _lookedAt;
    }

    // The connect times of all backends are read in the course of a quarter, not at once: most of the work of a sample.
    private void SampleBackend(BackendTraffic traffic)
    {
        TrafficSamples samples = _backends.GetValue(traffic, static _ => new TrafficSamples());
        samples.Add(_times.Latest, traffic.ReadTotals());
        long phase = RuntimeHelpers.GetHashCode(traffic) % SamplesPerQuarter;
        if (samples.Enter((_times.Count + phase) / SamplesPerQuarter))
            samples.BeginQuarter(traffic.ReadConnect());
    }

    private TrafficRates RatesOf(TrafficSamples samples) =>
        samples.Rates(_times.Earliest, _timeProvider.GetElapsedTime(_times.Earliest, _times.Latest));

    private void AddToHistory(TrafficTotals counted, HistogramCounts connect)
    {
        long period = History.Period;
        int open = _connections.Count;
        int change = period == _period ? open - _openInPeriod : open;
        (_period, _openInPeriod) = (period, open);
        History.Add(period, counted, change, connect);
        _process.Add(period, counted, change, connect);
    }

    private static TrafficStatus StatusOf(int open, TrafficTotals totals, long failed, TrafficRates rates, HistogramCounts connect) => new()
    {
        Open = open,
        Total = totals.Connections,
        Failed = failed,
        BytesIn = totals.Bytes.In,
        BytesOut = totals.Bytes.Out,
        ConnectionsPerSecond = rates.Connections,
        FailuresPerSecond = rates.Failures,
        BytesInPerSecond = rates.BytesIn,
        BytesOutPerSecond = rates.BytesOut,
        ConnectP50 = connect.Quantile(0.5),
        ConnectP99 = connect.Quantile(0.99),
    };
}
