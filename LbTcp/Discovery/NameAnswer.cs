using System.Net;
using System.Net.Sockets;

namespace LbTcp.Discovery;

/// <summary>The result of a look-up of a name.</summary>
internal sealed record NameAnswer
{
    /// <summary>The addresses, sorted, each once, IPv4 first; empty for a service and for a failure.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The targets of a service, sorted; otherwise empty.</summary>
    public IReadOnlyList<ServiceTarget> Targets { get; init; } = [];

    /// <summary>How long the answer holds.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>Why there is no answer, for operators; null if there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the failure says nothing about the name: the name server did not answer, or not properly.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Whether the look-up failed because no name server answered at all.</summary>
    public bool IsSilence { get; init; }

    /// <summary>The address family whose look-up failed while that of the other family succeeded; null if none.</summary>
    public AddressFamily? Missing { get; init; }

    /// <summary>Whether there are more addresses or targets than are used.</summary>
    public bool IsCut { get; init; }

    /// <summary>A look-up that failed.</summary>
    public static NameAnswer Failed(string failure, bool isTemporary) => new() { Failure = failure, IsTemporary = isTemporary };

    /// <summary>Whether the other has the same addresses and targets.</summary>
    public bool HasSameContent(NameAnswer other) => Addresses.SequenceEqual(other.Addresses) && Targets.SequenceEqual(other.Targets);

    /// <summary>
    /// Completes an answer in which a family is <see cref="Missing"/> with the addresses of that family that were known before.
    /// </summary>
    public NameAnswer CompletedBy(NameAnswer? known) => known is null || Missing is not { } missing
        ? this
        : this with { Addresses = AddressOrder.Sort(Addresses.Concat(known.Addresses.Where(each => each.AddressFamily == missing))) };
}
