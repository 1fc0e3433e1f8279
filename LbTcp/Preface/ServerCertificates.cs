using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;

namespace LbTcp.Preface;

/// <summary>
/// The certificates of a service, prepared for handshakes: each keeps its context of OpenSSL, with the keys of its session tickets, so
/// that clients resume their sessions. Safe for use by any number of threads.
/// </summary>
internal sealed class ServerCertificates
{
    private static readonly Oid _clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly TlsOptions _options;
    private readonly Dictionary<string, SslServerAuthenticationOptions> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly SslServerAuthenticationOptions _default;

    /// <summary>Prepares the certificates of <paramref name="options"/>, of which there must be any.</summary>
    public ServerCertificates(TlsOptions options)
    {
        _options = options;
        CertificateSet certificates = options.Certificates!;
        SslServerAuthenticationOptions[] prepared = [.. certificates.All.Select(OptionsFor)];
        _default = prepared[0];
        foreach ((CertificateFile file, SslServerAuthenticationOptions its) in certificates.All.Zip(prepared))
        {
            foreach (string name in file.Names)
                _ = _byName.TryAdd(name, its);
        }
    }

    /// <summary>
    /// Returns the options for a client that asks for <paramref name="serverName"/>: the certificate with this name, or else with the
    /// wildcard for it (RFC 6125, section 6.4.3: one label), or else the first one. Of several with the same name the first one counts.
    /// </summary>
    public SslServerAuthenticationOptions Select(string serverName)
    {
        SslServerAuthenticationOptions selected = _default;
        int dot = serverName.IndexOf('.', StringComparison.Ordinal);
        if (_byName.TryGetValue(serverName, out SslServerAuthenticationOptions? its)
            || (dot > 0 && _byName.TryGetValue($"*{serverName[dot..]}", out its)))
            selected = its;
        return _options.VerifyClient is TlsClientVerification.None ? selected : WithVerification(selected);
    }

    private SslServerAuthenticationOptions OptionsFor(CertificateFile file) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(
            file.Certificate,
            file.Chain,
            offline: true, // no handshake and no start may depend on the servers that a certificate names
            _options.ClientAuthorities is { } authorities
                ? SslCertificateTrust.CreateForX509Collection(authorities.Certificates, sendTrustInHandshake: true)
                : null),
        EnabledSslProtocols = _options.MinVersion is TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [.. _options.Alpn.Select(protocol => new SslApplicationProtocol(protocol))],
        AllowRenegotiation = false,
    };

    // Made for each handshake: the framework adds what the client sends to the policy. A session is not resumed, so that every client
    // proves anew that it has the key, and that a name of the certificate or an authority that was removed counts at once.
    private SslServerAuthenticationOptions WithVerification(SslServerAuthenticationOptions selected)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_options.ClientAuthorities!.Certificates);
        _ = policy.ApplicationPolicy.Add(_clientAuthentication);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = selected.ServerCertificateContext,
            EnabledSslProtocols = selected.EnabledSslProtocols,
            ApplicationProtocols = selected.ApplicationProtocols,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            ClientCertificateRequired = true,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                certificate is null ? _options.VerifyClient is TlsClientVerification.Optional : errors is SslPolicyErrors.None,
        };
    }
}
