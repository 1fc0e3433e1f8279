using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace LbTcp.Configuration;

/// <summary>A certificate with its key and its chain, as read from PEM files. No text of it holds anything of the key.</summary>
internal sealed class CertificateFile : FileContent
{
    private const string Kind = "a certificate file";
    private const string EcKey = "1.2.840.10045.2.1"; // RFC 5480, section 2.1

    private CertificateFile(string path, string keyPath, UInt128 digest, X509Certificate2 certificate, X509Certificate2Collection chain)
        : base(digest)
    {
        Path = path;
        KeyPath = keyPath;
        Certificate = certificate;
        Chain = chain;
        HasEcKey = certificate.GetKeyAlgorithm() == EcKey;
        Names = [.. NamesOf(certificate)];
    }

    /// <summary>The file of the certificate.</summary>
    public string Path { get; }

    /// <summary>The file of the key, which may be the same.</summary>
    public string KeyPath { get; }

    /// <summary>The certificate with its key. Never disposed: connections may use it after a reload.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificates that follow it in its file: those of its issuers.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>Whether its key is one for elliptic curves; otherwise it is an RSA key.</summary>
    public bool HasEcKey { get; }

    /// <summary>The server names that it is for, in lower case; a wildcard begins with <c>*.</c></summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>When its validity begins.</summary>
    public DateTimeOffset ValidFrom => Certificate.NotBefore;

    /// <summary>When it expires.</summary>
    public DateTimeOffset ExpiresAt => Certificate.NotAfter;

    /// <inheritdoc/>
    protected override string Summary => string.Create(CultureInfo.InvariantCulture, $"until {ExpiresAt.UtcDateTime:yyyy-MM-dd}");

    /// <summary>Reads a certificate and its key.</summary>
    /// <param name="path">The file of the certificate, which its chain follows; relative to the working directory.</param>
    /// <param name="keyPath">The file of the key; null if it is in the same file.</param>
    /// <param name="file">The certificate.</param>
    /// <param name="error">Otherwise what is wrong.</param>
    public static bool TryRead(
        string path, string? keyPath, [NotNullWhen(true)] out CertificateFile? file, [NotNullWhen(false)] out ConfigurationError? error)
    {
        file = null;
        if (!TextFile.TryRead(path, Kind, out string? text, out error))
            return false;
        string? key = text;
        if (keyPath is not null && !TextFile.TryRead(keyPath, "a key file", out key, out error))
            return false;
        if (!PemFile.TryReadCertificates(path, text, out IReadOnlyList<X509Certificate2>? certificates, out error)
            || !PemFile.TryAddKey(keyPath ?? path, key!, path, certificates[0], out X509Certificate2? certificate, out error))
            return false;
        X509Certificate2Collection chain = [.. certificates.Skip(1)];
        file = new CertificateFile(path, keyPath ?? path, DigestOf(path, text, key!), certificate, chain);
        return true;
    }

    /// <summary>Describes a validity that ends within <paramref name="notice"/> or has not begun; null for any other.</summary>
    public string? DescribeValidity(DateTimeOffset now, TimeSpan notice)
    {
        if (now < ValidFrom)
            return Sentence($"is not valid before {ValidFrom.UtcDateTime:u}");
        if (now >= ExpiresAt)
            return Sentence($"expired at {ExpiresAt.UtcDateTime:u}");
        return ExpiresAt - now <= notice ? Sentence($"expires at {ExpiresAt.UtcDateTime:u}") : null;

        string Sentence(FormattableString predicate) =>
            $"The certificate in {SafeText.Escape(Path)} {predicate.ToString(CultureInfo.InvariantCulture)}.";
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        IEnumerable<string> alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames());
        return alternatives.DefaultIfEmpty(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false))
            .Select(name => name.ToLowerInvariant());
    }
}
