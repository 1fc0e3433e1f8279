using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
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
        DnsAnswer answer = DnsAnswer.Failed("there is no name server");
        for (int attempt = 0; attempt < current.Attempts; attempt++)
        {
            foreach (IPEndPoint server in order)
            {
                answer = await AskAsync(server, name, kind, current.Timeout, cancellationToken);
                await Task.Yield(); // sockets may complete on a thread that serves others as well, see InlineCompletions
                if (answer.Outcome is not DnsOutcome.Failed)
                    return answer;
            }
        }

        return answer;
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
        try
        {
            IDnsQueryResponse response = await _client.QueryServerAsync(
                [new NameServer(server)],
                new DnsQuestion($"{name}.", TypeOf(kind)),
                new DnsQueryOptions
                {
                    Timeout = timeout,
                    Retries = 0,
                    UseCache = false,
                    ThrowDnsErrors = false,
                    UseTcpFallback = true,
                    ExtendedDnsBufferSize = LargestDatagram,
                },
                cancellationToken);
            _ = _silent.TryRemove(server, out _);
            return DnsRecords.Read(response, kind);
        }
        catch (DnsResponseException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return DnsAnswer.Failed($"{Describe(failure, server)} from {server}");
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return DnsAnswer.Failed($"unusable answer from {server}: {SafeText.Escape(unreadable.Message)}");
        }
    }

    private string Describe(DnsResponseException failure, IPEndPoint server)
    {
        if (failure.Code is not DnsResponseCode.ConnectionTimeout)
            return failure.InnerException is SocketException other ? SocketErrors.Describe(other.SocketErrorCode) : failure.Code.ToString();
        _silent[server] = timeProvider.GetTimestamp();
        return failure.InnerException is SocketException error ? SocketErrors.Describe(error.SocketErrorCode) : "no answer";
    }

    private static QueryType TypeOf(DnsRecordKind kind) => kind switch
    {
        DnsRecordKind.A => QueryType.A,
        DnsRecordKind.Aaaa => QueryType.AAAA,
        _ => QueryType.SRV,
    };
}
