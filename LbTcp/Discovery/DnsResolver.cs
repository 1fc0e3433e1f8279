using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;
using LbTcp.Configuration;
using LbTcp.Connections;

namespace LbTcp.Discovery;

/// <summary>
/// Asks name servers by UDP, and by TCP when an answer does not fit. The servers are asked in the configured order; one that did not
/// answer is asked last for a while, so that a dead first server does not delay every name. Each query takes a descriptor.
/// </summary>
/// <param name="servers">The name servers; empty for those of <paramref name="settings"/>.</param>
/// <param name="settings">Returns the settings of the system.</param>
/// <param name="timeProvider">The clock for silent servers.</param>
internal sealed class DnsResolver(IReadOnlyList<IPEndPoint> servers, Func<ResolverSettings> settings, TimeProvider timeProvider)
    : IDnsResolver
{
    // Not fragmented on any usual path (https://www.dnsflagday.net/2020/); what is larger comes by TCP.
    private const int LargestDatagram = 1232;

    // A datagram of another query, late or forged, ends a query of DnsClient.
    private const int MostAnswersToOthers = 3;

    private static readonly TimeSpan _avoidance = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<IPEndPoint, long> _silent = new();
    private readonly LookupClient _client = new(new LookupClientOptions([new NameServer(IPAddress.Loopback)])
    {
        AutoResolveNameServers = false,
        UseCache = false,
        ThrowDnsErrors = false,
    });

    /// <inheritdoc/>
    public async Task<DnsAnswer> QueryAsync(string name, DnsRecordKind kind, CancellationToken cancellationToken)
    {
        ResolverSettings current = settings();
        IReadOnlyList<IPEndPoint> order = Order(servers.Count > 0 ? servers : current.NameServers);
        DnsAnswer failure = DnsAnswer.Silence("there is no name server");
        for (int attempt = 0; attempt < current.Attempts; attempt++)
        {
            foreach (IPEndPoint server in order)
            {
                DnsAnswer answer = await AskAsync(server, name, kind, current.Timeout, cancellationToken);
                await Task.Yield(); // sockets may complete on a thread that serves others as well, see InlineCompletions
                if (answer.Outcome is not DnsOutcome.Failed)
                    return answer;
                if (failure.IsSilence || !answer.IsSilence) // what a server says tells more than what another one does not
                    failure = answer;
            }
        }

        return failure;
    }

    private IReadOnlyList<IPEndPoint> Order(IReadOnlyList<IPEndPoint> configured)
    {
        if (configured.Count < 2 || _silent.IsEmpty)
            return configured;
        return [.. configured.OrderBy(IsSilent)]; // a stable sort

        bool IsSilent(IPEndPoint server) =>
            _silent.TryGetValue(server, out long since) && timeProvider.GetElapsedTime(since) < _avoidance;
    }

    private async Task<DnsAnswer> AskAsync(
        IPEndPoint server, string name, DnsRecordKind kind, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, timeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var question = new DnsQuestion($"{name}.", TypeOf(kind));
            DnsAnswer answer = await AskByDatagramAsync(server, question, kind, timeout, ending.Token)
                ?? await AskByStreamAsync(server, question, kind, ending.Token);
            _ = _silent.TryRemove(server, out _);
            return answer;
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return limit.IsCancellationRequested ? Silence(server, "no answer") : AnswerFor(failure, server);
        }
    }

    // Null if the answer is larger than a datagram.
    private async Task<DnsAnswer?> AskByDatagramAsync(
        IPEndPoint server, DnsQuestion question, DnsRecordKind kind, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var options = new DnsQueryOptions
        {
            Timeout = timeout,
            Retries = 0,
            UseCache = false,
            ThrowDnsErrors = false,
            UseTcpFallback = false,
            ExtendedDnsBufferSize = LargestDatagram,
        };
        for (int others = 0; ; others++)
        {
            try
            {
                IDnsQueryResponse response = await _client.QueryServerAsync([new NameServer(server)], question, options, cancellationToken);
                return response.Header.ResultTruncated ? null : DnsRecords.Read(response, kind);
            }
            catch (DnsResponseException truncated) when (truncated is { Code: DnsResponseCode.Unassigned, InnerException: null })
            {
                return null; // that is how DnsClient says it
            }
            catch (DnsXidMismatchException) when (others < MostAnswersToOthers)
            {
                // Asked again.
            }
        }
    }

    private static async Task<DnsAnswer> AskByStreamAsync(
        IPEndPoint server, DnsQuestion question, DnsRecordKind kind, CancellationToken cancellationToken)
    {
        ushort id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        byte[] response = await DnsStream.ExchangeAsync(server, DnsMessage.Write(id, question), cancellationToken);
        return DnsRecords.Read(DnsMessage.Read(response, id, kind), server);
    }

    private DnsAnswer AnswerFor(Exception failure, IPEndPoint server) => failure switch
    {
        DnsResponseException { Code: DnsResponseCode.ConnectionTimeout, InnerException: var cause } =>
            Silence(server, cause is SocketException error ? SocketErrors.Describe(error.SocketErrorCode) : "no answer"),
        DnsResponseException { InnerException: SocketException error } => Silence(server, SocketErrors.Describe(error.SocketErrorCode)),
        SocketException error => Silence(server, SocketErrors.Describe(error.SocketErrorCode)),
        DnsXidMismatchException => DnsAnswer.Failed($"answers to other queries from {server}"),
        DnsResponseException { Code: var code } => DnsAnswer.Failed($"{code} from {server}"),
        _ => DnsAnswer.Failed($"unusable answer from {server}: {SafeText.Escape(failure.Message)}"),
    };

    private DnsAnswer Silence(IPEndPoint server, string reason)
    {
        _silent[server] = timeProvider.GetTimestamp();
        return DnsAnswer.Silence($"{reason} from {server}");
    }

    private static QueryType TypeOf(DnsRecordKind kind) => kind switch
    {
        DnsRecordKind.A => QueryType.A,
        DnsRecordKind.Aaaa => QueryType.AAAA,
        _ => QueryType.SRV,
    };
}
