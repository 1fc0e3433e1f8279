using System.Net;

namespace LbTcp.Configuration;

/// <summary>A host name and the addresses found for it. Equal if the name and the addresses in their order are.</summary>
/// <param name="HostName">The name, without a final dot.</param>
/// <param name="Addresses">The addresses; empty while none is known. Not modified afterwards.</param>
internal sealed record ResolvedHost(string HostName, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>Whether the other has the same name and addresses.</summary>
    public bool Equals(ResolvedHost? other) =>
        other is not null && HostName == other.HostName && Addresses.SequenceEqual(other.Addresses);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HostName, Addresses.Count);
}
