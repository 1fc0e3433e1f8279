using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// The services, backends and certificates that a set of metrics has series for. The SDK allocates the series of a metric when the metric
/// is created and never gives one back: when a member has gone, or when there are more than expected, the metrics have to be created anew.
/// </summary>
internal sealed class MetricMembers
{
    private readonly HashSet<MemberKey> _known;

    /// <summary>Makes room for those of <paramref name="counts"/> and some more.</summary>
    public MetricMembers(HostCounts counts)
    {
        _known = KeysOf(counts);
        int count = Math.Max(_known.Count, counts.Process.Reactors.Count);
        Capacity = count + (count / 4) + 16;
    }

    /// <summary>The maximum number of members.</summary>
    public int Capacity { get; }

    /// <summary>Adds new members; false if a member has gone, or if there are too many.</summary>
    public bool Follow(HostCounts counts)
    {
        HashSet<MemberKey> present = KeysOf(counts);
        if (present.Count > Capacity || !_known.IsSubsetOf(present))
            return false;
        _known.UnionWith(present);
        return true;
    }

    private static HashSet<MemberKey> KeysOf(HostCounts counts) =>
    [
        .. counts.Services.Select(service => new MemberKey(service.Name, null)),
        .. TrafficMetrics.MembersOf(counts).Select(member => member.Key),
        .. TlsMetrics.TerminatorsOf(counts).SelectMany(
            service => service.Tls.Certificates.Select(certificate => new MemberKey(service.Name, certificate.File))),
    ];
}
