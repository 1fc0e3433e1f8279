using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Backends with a limit.</summary>
internal static class TestBackends
{
    /// <summary>The options of a backend that takes so many connections at a time.</summary>
    public static BackendOptions Limited(string url, int maxConnections)
    {
        Assert.True(BackendAddress.TryParse(url, out BackendAddress? address, out string? error), error);
        return new BackendOptions { Address = address, MaxConnections = maxConnections };
    }

    /// <summary>The backends 10.0.0.1:80, 10.0.0.2:80, ... with one limit for each.</summary>
    public static BackendPool Pool(params int[] limits) => new(limits.Select((limit, index) => Limited($"10.0.0.{index + 1}:80", limit)));
}
