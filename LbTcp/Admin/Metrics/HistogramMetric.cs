using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>A metric of durations in seconds, in the buckets of <see cref="DurationHistogram.Bounds"/>.</summary>
/// <param name="Name">The OpenTelemetry name.</param>
/// <param name="Description">One sentence for the help text.</param>
/// <param name="Read">Returns the series with what they have counted since the start of the process.</param>
internal sealed record HistogramMetric(string Name, string Description, Func<HostCounts, IEnumerable<HistogramSeries>> Read);

/// <summary>A series of a <see cref="HistogramMetric"/>.</summary>
/// <param name="Key">What it counts for.</param>
/// <param name="Counts">What it has counted.</param>
internal readonly record struct HistogramSeries(MemberKey Key, HistogramCounts Counts);

/// <summary>A service, or a backend of it.</summary>
/// <param name="Service">The name of the service.</param>
/// <param name="Backend">The name of the backend; null for the service itself.</param>
internal readonly record struct MemberKey(string Service, string? Backend);
