using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using LbTcp.Configuration;

namespace LbTcp.Discovery;

/// <summary>Reads the response of a name server. Its content is untrusted: what cannot be the address of a server is skipped.</summary>
internal static class DnsRecords
{
    /// <summary>Reads a response to a query for records of one kind.</summary>
    public static DnsAnswer Read(IDnsQueryResponse response, DnsRecordKind kind)
    {
        switch (response.Header.ResponseCode)
        {
            case DnsHeaderResponseCode.NoError:
                break;
            case DnsHeaderResponseCode.NotExistentDomain:
                return new DnsAnswer(DnsOutcome.NotFound);
            case DnsHeaderResponseCode code:
                return DnsAnswer.Failed($"{Describe(code)} from {response.NameServer.Address}:{response.NameServer.Port}");
        }

        IPAddress[] addresses = kind is DnsRecordKind.Srv ? [] : [.. response.Answers.OfType<AddressRecord>()
            .Where(record => record.RecordType == (kind is DnsRecordKind.A ? ResourceRecordType.A : ResourceRecordType.AAAA))
            .Select(record => Hosts.Unmapped(record.Address)).Where(IsOfAServer)];
        ServiceTarget[] targets = kind is DnsRecordKind.Srv
            ? [.. response.Answers.OfType<SrvRecord>().Select(TargetOf).OfType<ServiceTarget>()]
            : [];
        return addresses.Length + targets.Length == 0
            ? new DnsAnswer(DnsOutcome.NoData)
            : new DnsAnswer(DnsOutcome.Found)
            {
                Addresses = addresses,
                Targets = targets,
                TimeToLive = TimeSpan.FromSeconds(response.Answers.Min(record => Math.Max(0, record.InitialTimeToLive))),
            };
    }

    // The name "." says that the service does not exist (RFC 2782).
    private static ServiceTarget? TargetOf(SrvRecord record) =>
        record.Port > 0 && Hosts.TryParseName(record.Target.Value.TrimEnd('.'), out string? host, out _)
            ? new ServiceTarget(host, record.Port, record.Priority, record.Weight)
            : null;

    // Filters answer with 0.0.0.0, which would reach this machine.
    private static bool IsOfAServer(IPAddress address) =>
        !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast)
        && !address.IsIPv6Multicast
        && !(address.AddressFamily is AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and < 240);

    private static string Describe(DnsHeaderResponseCode code) => code switch
    {
        DnsHeaderResponseCode.ServerFailure => "SERVFAIL",
        DnsHeaderResponseCode.Refused => "REFUSED",
        DnsHeaderResponseCode.FormatError => "FORMERR",
        DnsHeaderResponseCode.NotImplemented => "NOTIMP",
        _ => code.ToString(),
    };
}
