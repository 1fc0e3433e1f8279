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
    public static DnsAnswer Read(IDnsQueryResponse response, DnsRecordKind kind) => AnswerOf(
        response.Header.ResponseCode,
        new IPEndPoint(IPAddress.Parse(response.NameServer.Address), response.NameServer.Port),
        kind is DnsRecordKind.Srv ? [] : response.Answers.OfType<AddressRecord>()
            .Where(record => record.RecordType == (kind is DnsRecordKind.A ? ResourceRecordType.A : ResourceRecordType.AAAA))
            .Select(record => Hosts.Unmapped(record.Address)),
        kind is DnsRecordKind.Srv ? response.Answers.OfType<SrvRecord>().Select(TargetOf).OfType<ServiceTarget>() : [],
        response.Answers.Select(record => record.InitialTimeToLive).DefaultIfEmpty().Min());

    /// <inheritdoc cref="Read(IDnsQueryResponse, DnsRecordKind)"/>
    public static DnsAnswer Read(DnsMessage response, IPEndPoint server) =>
        AnswerOf(response.Code, server, response.Addresses, response.Targets, response.TimeToLive);

    /// <summary>Returns the target of an SRV record; null if it is none, as the name "." says (RFC 2782).</summary>
    public static ServiceTarget? TargetOf(string name, int port, int priority, int weight) =>
        port > 0 && Hosts.TryParseName(name.TrimEnd('.'), out string? host, out _)
            ? new ServiceTarget(host, port, priority, weight)
            : null;

    private static DnsAnswer AnswerOf(
        DnsHeaderResponseCode responseCode,
        IPEndPoint server,
        IEnumerable<IPAddress> addresses,
        IEnumerable<ServiceTarget> targets,
        int timeToLive)
    {
        switch (responseCode)
        {
            case DnsHeaderResponseCode.NoError:
                break;
            case DnsHeaderResponseCode.NotExistentDomain:
                return new DnsAnswer(DnsOutcome.NotFound);
            case DnsHeaderResponseCode code:
                return DnsAnswer.Failed($"{Describe(code)} from {server}");
        }

        IPAddress[] usable = [.. addresses.Where(IsOfAServer)];
        ServiceTarget[] found = [.. targets];
        return usable.Length + found.Length == 0
            ? new DnsAnswer(DnsOutcome.NoData)
            : new DnsAnswer(DnsOutcome.Found)
            {
                Addresses = usable,
                Targets = found,
                TimeToLive = TimeSpan.FromSeconds(Math.Max(0, timeToLive)),
            };
    }

    private static ServiceTarget? TargetOf(SrvRecord record) =>
        TargetOf(record.Target.Value, record.Port, record.Priority, record.Weight);

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
