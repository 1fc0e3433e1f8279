using System.Diagnostics.Metrics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>A metric whose values are read from the counts of the process at every collection.</summary>
/// <param name="Name">The OpenTelemetry name.</param>
/// <param name="Kind">What the value means.</param>
/// <param name="Unit">The unit in UCUM notation; null for a number of things.</param>
/// <param name="Description">One sentence for the help text.</param>
/// <param name="SeriesPerMember">The maximum number of series for each service, backend or event-loop thread.</param>
/// <param name="Read">Returns the series with their values.</param>
internal sealed record ObservedMetric(
    string Name,
    MetricKind Kind,
    string? Unit,
    string Description,
    int SeriesPerMember,
    Func<HostCounts, IEnumerable<Measurement<double>>> Read);

/// <summary>What the value of a metric means.</summary>
internal enum MetricKind
{
    /// <summary>A sum since the start of the process.</summary>
    Counter,

    /// <summary>A level at this moment.</summary>
    Gauge,
}
