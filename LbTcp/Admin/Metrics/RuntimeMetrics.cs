using OpenTelemetry.Metrics;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// The metrics of the .NET runtime (meter System.Runtime) that help to operate the process. Left out are those that never change, such as
/// the number of processors, those that another metric has, and the count of exceptions, which would be updated on event loops.
/// </summary>
internal static class RuntimeMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "System.Runtime";

    private static readonly HashSet<string> _kept =
    [
        "dotnet.gc.collections",
        "dotnet.gc.heap.total_allocated",
        "dotnet.gc.last_collection.heap.size",
        "dotnet.gc.last_collection.memory.committed_size",
        "dotnet.gc.pause.time",
        "dotnet.monitor.lock_contentions",
        "dotnet.process.cpu.time",
        "dotnet.thread_pool.queue.length",
        "dotnet.thread_pool.thread.count",
        "dotnet.thread_pool.work_item.count",
    ];

    /// <summary>How an instrument of the runtime is exported.</summary>
    public static MetricStreamConfiguration StreamOf(string instrument) => !_kept.Contains(instrument)
        ? MetricStreamConfiguration.Drop
        : instrument == "dotnet.thread_pool.thread.count"
            ? new MetricStreamConfiguration { Name = "dotnet.thread_pool.threads" } // _count is for histograms (promtool check metrics)
            : new MetricStreamConfiguration();
}
