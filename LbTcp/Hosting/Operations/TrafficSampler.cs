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

    private readonly ServiceTraffic _traffic;
    private readonly BackendPool _pool;
    private readonly ActiveConnections _connections;
    private readonly TrafficHistory _process;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<Backend, TrafficSamples> _backends = [];
    private readonly TrafficSamples _service = new();
    private long _sampledAt;
    private int _samples;
    private HistogramCounts _connect = HistogramCounts.Empty;
    private long _period = -1;
    private int _openInPeriod;

    /// <summary>For a service that begins now.</summary>
    /// <param name="traffic">The counts of the service.</param>
    /// <param name="pool">Its backends.</param>
    /// <param name="connections">Its connections.</param>
    /// <param name="process">The history of the process.</param>
    /// <param name="timeProvider">The clock.</param>
    public TrafficSampler(
        ServiceTraffic traffic, BackendPool pool, ActiveConnections connections, TrafficHistory process, TimeProvider timeProvider)
    {
        _traffic = traffic;
        _pool = pool;
        _connections = connections;
        _process = process;
        _timeProvider = timeProvider;
        _sampledAt = timeProvider.GetTimestamp();
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
            if (now == _sampledAt)
                return; // the first call, as the service begins
            TrafficTotals counted = _service.Add(now, _sampledAt, _traffic.ReadTotals());
            HistogramCounts connect = _traffic.ReadConnect();
            AddToHistory(counted, connect.Since(_connect));
            _connect = connect;
            if (_samples % SamplesPerQuarter == 0)
                _service.BeginQuarter(connect);
            SampleBackends(now);
            _sampledAt = now;
            _samples++;
        }
    }

    /// <summary>The traffic of a backend; rates as of the latest sample, bytes as they were last read for the service.</summary>
    public TrafficStatus Of(Backend backend)
    {
        lock (_gate)
        {
            if (_traffic.Find(backend) is not { } counts)
                return StatusOf(backend.OpenConnections, default, 0, default, HistogramCounts.Empty);
            TrafficTotals totals = counts.ReadTotals();
            TrafficSamples? samples = _backends.TryGetValue(backend, out TrafficSamples? known) ? known : null;
            HistogramCounts connect = counts.ReadConnect();
            return StatusOf(
                backend.OpenConnections,
                totals,
                totals.Failures,
                samples?.Rates(_timeProvider) ?? default,
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
            return StatusOf(
                _connections.Count,
                _traffic.ReadLatestTotals(),
                _traffic.Failed,
                _service.Rates(_timeProvider),
                _service.Recent(_traffic.ReadConnect()));
        }
    }

    // The connect times of all backends are read in the course of a quarter, not at once: most of the work of a sample.
    private void SampleBackends(long now)
    {
        IReadOnlyList<Backend> backends = _pool.GetAllBackends();
        for (int i = 0; i < backends.Count; i++)
        {
            if (_traffic.Find(backends[i]) is not { } counts)
                continue;
            TrafficSamples samples = _backends.GetValue(backends[i], static _ => new TrafficSamples());
            _ = samples.Add(now, _sampledAt, counts.ReadTotals());
            if ((_samples + i) % SamplesPerQuarter == 0)
                samples.BeginQuarter(counts.ReadConnect());
        }
    }

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
