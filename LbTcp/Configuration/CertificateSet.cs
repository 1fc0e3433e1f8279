using System.Globalization;

namespace LbTcp.Configuration;

/// <summary>The certificates of a service, the one for clients that ask for none of their names first.</summary>
/// <param name="all">The certificates, in the order of the setting; at least one.</param>
internal sealed class CertificateSet(IReadOnlyList<CertificateFile> all)
    : FileContent(DigestOf([.. all.Select(file => file.Digest)]))
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<CertificateFile> All { get; } = all;

    /// <summary>Those that no client gets: for each of their names another one with the same kind of key comes first.</summary>
    public IEnumerable<CertificateFile> Unused => All.Where((file, index) => file.Names.All(
        name => All.Take(index).Any(earlier => earlier.HasEcKey == file.HasEcKey && earlier.Names.Contains(name))));

    /// <inheritdoc/>
    protected override string Summary => string.Create(
        CultureInfo.InvariantCulture, $"{All.Count} {(All.Count == 1 ? "certificate" : "certificates")}");
}
