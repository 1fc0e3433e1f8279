using System.Net;

namespace LbTcp.Discovery;

/// <summary>The answer of a name server to one query.</summary>
/// <param name="Outcome">What kind of answer it is.</param>
internal sealed record DnsAnswer(DnsOutcome Outcome)
{
    /// <summary>The addresses, in the order of the answer; at least one if addresses were asked for and found.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The targets, in the order of the answer; at least one if a service was asked for and found.</summary>
    public IReadOnlyList<ServiceTarget> Targets { get; init; } = [];

    /// <summary>How long the answer holds: the shortest time of its records.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>What went wrong, for operators; empty unless the query failed.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Whether the query failed because no name server answered at all.</summary>
    public bool IsSilence { get; private init; }

    /// <summary>A query without a usable answer.</summary>
    public static DnsAnswer Failed(string failure) => new(DnsOutcome.Failed) { Failure = failure };

    /// <summary>A query that no name server answered.</summary>
    public static DnsAnswer Silence(string failure) => Failed(failure) with { IsSilence = true };
}

/// <summary>What an answer says about the name.</summary>
internal enum DnsOutcome
{
    /// <summary>The name has records of the kind.</summary>
    Found,

    /// <summary>The name exists without usable records of the kind.</summary>
    NoData,

    /// <summary>The name does not exist.</summary>
    NotFound,

    /// <summary>The name server did not answer, or not properly; nothing is known about the name.</summary>
    Failed,
}
