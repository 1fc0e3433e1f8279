using System.Globalization;

namespace LbTcp.Configuration;

/// <summary>The certificates of a service, the one for clients that ask for none of their names first.</summary>
/// <param name="all">The certificates, in the order of the setting; at least one.</param>
internal sealed class CertificateSet(IReadOnlyList<CertificateFile> all)
    : FileContent(DigestOf([.. all.Select(file => file.Digest)]))
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<CertificateFile> All { get; } = all;

    /// <inheritdoc/>
    protected override string Summary => string.Create(
        CultureInfo.InvariantCulture, $"{All.Count} {(All.Count == 1 ? "certificate" : "certificates")}");
}
