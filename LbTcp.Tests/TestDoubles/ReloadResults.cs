using LbTcp.Configuration;
using LbTcp.Hosting;

namespace LbTcp.Tests.TestDoubles;

/// <summary>What reloads did to a service with the backends a:1 and b:1.</summary>
internal static class ReloadResults
{
    /// <summary>A reload to other backends.</summary>
    public static ApplyResult To(params string[] backends) => new([], HostPlan.Between(With("a:1", "b:1"), With(backends)));

    private static HostOptions With(params string[] backends) => new()
    {
        Services = [new ServiceOptions { Backends = [.. backends.Select(backend => TestBackends.Limited(backend, 0))] }],
    };
}
