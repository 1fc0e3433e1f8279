using System.Security.Cryptography.X509Certificates;

namespace LbTcp.Configuration;

/// <summary>What was read from the files that the TLS options of a backend name.</summary>
/// <param name="digest">The digest of their texts.</param>
internal sealed class BackendTlsFiles(UInt128 digest) : FileContent(digest)
{
    /// <summary>The authorities that may have issued the certificate of the backend; null for those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The certificate, with its key, that the backend gets; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The certificates between that one and its authority.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];

    /// <inheritdoc/>
    protected override string Summary => (Authorities?.Count, Certificate) switch
    {
        (null, _) => "a certificate",
        ({ } count, null) => $"{count} authorities",
        ({ } count, _) => $"{count} authorities and a certificate",
    };
}
