using System.Net;

namespace LbTcp.Hosting.Operations;

/// <summary>Selects connections. What is null does not matter.</summary>
internal sealed record ConnectionFilter
{
    /// <summary>The name of the service.</summary>
    public string? Service { get; init; }

    /// <summary>The name, address or URL of the backend.</summary>
    public string? Backend { get; init; }

    /// <summary>The network of the client.</summary>
    public IPNetwork? Client { get; init; }

    /// <summary>The minimum time without a byte.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Only connections with a larger id.</summary>
    public long After { get; init; }
}
