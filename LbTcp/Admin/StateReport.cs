using LbTcp.Hosting.Operations;

namespace LbTcp.Admin;

/// <summary>The state of the whole process at one moment.</summary>
/// <param name="Time">The moment.</param>
/// <param name="Process">The process.</param>
/// <param name="Services">The services in the order of the configuration.</param>
/// <param name="Backends">The backends of all services in the order of the configuration.</param>
internal sealed record StateReport(
    DateTimeOffset Time, ProcessStatus Process, IReadOnlyList<ServiceStatus> Services, IReadOnlyList<BackendStatus> Backends);
