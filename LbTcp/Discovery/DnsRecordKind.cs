namespace LbTcp.Discovery;

/// <summary>The kind of DNS record that is asked for.</summary>
internal enum DnsRecordKind
{
    /// <summary>IPv4 addresses.</summary>
    A,

    /// <summary>IPv6 addresses.</summary>
    Aaaa,

    /// <summary>The hosts and ports of a service.</summary>
    Srv,
}
