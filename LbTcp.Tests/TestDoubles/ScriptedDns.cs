using System.Collections.Concurrent;
using System.Net;
using LbTcp.Discovery;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Name servers whose answers a test decides. A name without an answer does not exist.</summary>
internal sealed class ScriptedDns : IDnsResolver
{
    private readonly ConcurrentDictionary<(string, DnsRecordKind), Func<Task<DnsAnswer>>> _answers = new();
    private readonly ConcurrentQueue<string> _queries = new();

    /// <summary>The queries so far: <c>A web1</c>.</summary>
    public IReadOnlyList<string> Queries => [.. _queries];

    /// <summary>Answers with addresses of both families.</summary>
    public void Answer(string name, int timeToLive, params string[] addresses)
    {
        IPAddress[] parsed = [.. addresses.Select(IPAddress.Parse)];
        Answer(name, DnsRecordKind.A, Found(timeToLive, [.. parsed.Where(address => address.GetAddressBytes().Length == 4)]));
        Answer(name, DnsRecordKind.Aaaa, Found(timeToLive, [.. parsed.Where(address => address.GetAddressBytes().Length == 16)]));
    }

    /// <summary>Answers with the targets of a service.</summary>
    public void Answer(string name, int timeToLive, params ServiceTarget[] targets) => Answer(
        name, DnsRecordKind.Srv,
        new DnsAnswer(DnsOutcome.Found) { Targets = targets, TimeToLive = TimeSpan.FromSeconds(timeToLive) });

    /// <summary>Answers queries of one kind.</summary>
    public void Answer(string name, DnsRecordKind kind, DnsAnswer answer) => _answers[(name, kind)] = () => Task.FromResult(answer);

    /// <summary>Answers all queries for a name alike.</summary>
    public void Answer(string name, DnsAnswer answer)
    {
        foreach (DnsRecordKind kind in Enum.GetValues<DnsRecordKind>())
            Answer(name, kind, answer);
    }

    /// <summary>Does not answer for a name.</summary>
    public void Hang(string name)
    {
        foreach (DnsRecordKind kind in Enum.GetValues<DnsRecordKind>())
            Hang(name, kind);
    }

    /// <summary>Does not answer queries of one kind.</summary>
    public void Hang(string name, DnsRecordKind kind) => _answers[(name, kind)] = () => new TaskCompletionSource<DnsAnswer>().Task;

    /// <summary>The number of queries so far for the addresses or targets of a name.</summary>
    public int Asked(string name) => _queries.Count(query => query == $"A {name}" || query == $"Srv {name}");

    public Task<DnsAnswer> QueryAsync(string name, DnsRecordKind kind, CancellationToken cancellationToken)
    {
        _queries.Enqueue($"{kind} {name}");
        return _answers.TryGetValue((name, kind), out Func<Task<DnsAnswer>>? answer)
            ? answer().WaitAsync(cancellationToken)
            : Task.FromResult(new DnsAnswer(DnsOutcome.NotFound));
    }

    private static DnsAnswer Found(int timeToLive, IPAddress[] addresses) => addresses.Length == 0
        ? new DnsAnswer(DnsOutcome.NoData)
        : new DnsAnswer(DnsOutcome.Found) { Addresses = addresses, TimeToLive = TimeSpan.FromSeconds(timeToLive) };
}
