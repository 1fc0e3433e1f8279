using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Admin.Metrics;

/// <summary>Counts of a process as a test wants them.</summary>
internal static class CountsScript
{
    public static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-22T16:04:05.500Z");

    /// <summary>A view whose counts are those that the function returns.</summary>
    public static IHostView View(Func<HostCounts> read)
    {
        IHostView view = Substitute.For<IHostView>();
        view.ReadCounts().Returns(_ => read());
        return view;
    }

    /// <summary>A process with these services.</summary>
    public static HostCounts Host(params IReadOnlyList<ServiceCounts> services) => new(Process(), services);

    /// <summary>A process without services.</summary>
    public static ProcessStatus Process() => new()
    {
        Version = "0.1.0",
        Pid = 1,
        State = ProcessState.Running,
        StartedAt = Start,
        Uptime = TimeSpan.FromSeconds(60),
        Transport = "epoll",
        LogLevel = "info",
        Open = 3,
        MaxConnections = 1000,
        DescriptorsUsed = 40,
        DescriptorsLimit = 4096,
        SplicePipesUsed = 2,
        SplicePipesLimit = 64,
        MemoryBytes = 20_000_000,
        LogLinesDropped = 7,
        ReloadsDone = 2,
        ReloadsRefused = 1,
        ConfiguredAt = Start.AddSeconds(10),
        Reactors = [new ReactorStatus(0, 2, 0.25), new ReactorStatus(1, 1, 0.5)],
    };

    /// <summary>A service with these backends.</summary>
    public static ServiceCounts Service(string name, params IReadOnlyList<BackendCounts> backends) =>
        new(
            name, Open: backends.Sum(backend => backend.Open) + 1, AdmissionWaiting: 6, QueueLength: 4, Durations(0.02),
            Ended(ConnectionEndReason.QueueFull, 5), [8, 1, 0], backends)
        {
            Tls = new TlsCounts([20, 2, 1], [($"/etc/lbtcp/{name}.pem", Start.AddDays(90))]),
        };

    /// <summary>A backend that was used.</summary>
    public static BackendCounts Backend(string name) => new(
        name, Open: 2, IsHealthy: true, IsAvailable: true, EffectiveWeight: 1.5, BytesIn: 1000, BytesOut: 20000,
        new TrafficCounts(Ended(ConnectionEndReason.Completed, 11), [12, 3, 0, 0, 0, 0], Durations(0.0004), Durations(3, 5, 100_000)),
        new HealthCounts(100, 3, 1, 2, 1));

    /// <summary>A histogram of these durations in seconds.</summary>
    public static HistogramCounts Durations(params IEnumerable<double> seconds)
    {
        var histogram = new DurationHistogram();
        foreach (double duration in seconds)
            histogram.Record(TimeSpan.FromSeconds(duration));
        var counts = new long[DurationHistogram.Bounds.Count + 1];
        var sums = new double[counts.Length];
        histogram.AddTo(counts, sums);
        return new HistogramCounts(counts, sums);
    }

    private static long[] Ended(ConnectionEndReason reason, long count)
    {
        var ended = new long[Enum.GetValues<ConnectionEndReason>().Length];
        ended[(int)reason] = count;
        return ended;
    }
}
