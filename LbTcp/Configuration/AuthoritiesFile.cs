using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace LbTcp.Configuration;

/// <summary>The certificates of authorities, as read from a PEM file.</summary>
internal sealed class AuthoritiesFile : FileContent
{
    private AuthoritiesFile(string text, IReadOnlyList<X509Certificate2> certificates)
        : base(DigestOf(text)) => Certificates = [.. certificates];

    /// <summary>The certificates. Never disposed: connections may use them after a reload.</summary>
    public X509Certificate2Collection Certificates { get; }

    /// <inheritdoc/>
    protected override string Summary => string.Create(
        CultureInfo.InvariantCulture, $"{Certificates.Count} {(Certificates.Count == 1 ? "authority" : "authorities")}");

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="file">The authorities; at least one.</param>
    /// <param name="error">Otherwise what is wrong.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out AuthoritiesFile? file, [NotNullWhen(false)] out ConfigurationError? error)
    {
        file = TextFile.TryRead(path, "a file of certificates", out string? text, out error)
            && PemFile.TryReadCertificates(path, text, out IReadOnlyList<X509Certificate2>? certificates, out error)
                ? new AuthoritiesFile(text, certificates)
                : null;
        return file is not null;
    }
}
