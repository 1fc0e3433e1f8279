using System.Net;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>How names are resolved.</summary>
internal sealed record DiscoveryOptions
{
    /// <summary>The name servers; empty for those of the system.</summary>
    public IReadOnlyList<IPEndPoint> DnsServers { get; init; } = HostSettings.DnsServer.Default;

    /// <summary>The shortest time from one look-up of a name to the next, whatever its time to live.</summary>
    public TimeSpan DnsMin { get; init; } = HostSettings.DnsMin.Default;

    /// <summary>The longest time from one look-up of a name to the next, whatever its time to live.</summary>
    public TimeSpan DnsMax { get; init; } = HostSettings.DnsMax.Default;

    /// <summary>Finds settings that contradict each other; null if there are none.</summary>
    public SettingConflict? FindConflict() => DnsMax >= DnsMin ? null : new SettingConflict(
        HostSettings.DnsMax, HostSettings.DnsMax.Form.Format(DnsMax), "shorter than",
        HostSettings.DnsMin, HostSettings.DnsMin.Form.Format(DnsMin));
}
