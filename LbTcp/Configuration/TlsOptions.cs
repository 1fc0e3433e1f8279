using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>The termination of TLS between clients and this program.</summary>
internal sealed record TlsOptions
{
    /// <summary>The files with certificates and their chains; empty for no termination.</summary>
    public IReadOnlyList<string> CertificateFiles { get; init; } = TlsSettings.Certificates.Default;

    /// <summary>The files with the keys, in the order of the certificates; empty if these files hold the keys as well.</summary>
    public IReadOnlyList<string> KeyFiles { get; init; } = TlsSettings.Keys.Default;

    /// <summary>The application protocols that may be negotiated, the preferred one first; empty for none (RFC 7301).</summary>
    public IReadOnlyList<string> Alpn { get; init; } = TlsSettings.Alpn.Default;

    /// <summary>What the files with certificates and keys hold; null without any.</summary>
    public CertificateSet? Certificates { get; init; }

    /// <summary>The lowest version that is accepted.</summary>
    public TlsVersion MinVersion { get; init; } = TlsSettings.MinVersion.Default;

    /// <summary>Whether clients have to present a certificate.</summary>
    public TlsClientVerification VerifyClient { get; init; } = TlsSettings.VerifyClient.Default;

    /// <summary>The file with the authorities that issue the certificates of clients; null for none.</summary>
    public string? ClientCaFile { get; init; } = TlsSettings.ClientCa.Default;

    /// <summary>What that file holds; null without one.</summary>
    public AuthoritiesFile? ClientAuthorities { get; init; }

    /// <summary>The maximum duration of a handshake, with the wait for its turn.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TlsSettings.HandshakeTimeout.Default;

    /// <summary>The maximum number of concurrent handshakes; null for four per processor.</summary>
    public int? MaxHandshakes { get; init; } = TlsSettings.MaxHandshakes.Default;

    /// <summary>Whether TLS is terminated.</summary>
    public bool IsOn => CertificateFiles.Count > 0;
}
