namespace LbTcp.Configuration;

/// <summary>What was read from the files that the TLS options of a backend name.</summary>
/// <param name="Authorities">The authorities that may have issued its certificate; null for those of the system.</param>
/// <param name="Certificate">The certificate, with its key, that it gets; null for none.</param>
internal sealed record BackendTlsFiles(AuthoritiesFile? Authorities, CertificateFile? Certificate)
{
    /// <summary>What was read in a few words, which tell different contents apart.</summary>
    public override string ToString() => string.Join(", ", new FileContent?[] { Authorities, Certificate }.OfType<FileContent>());
}
