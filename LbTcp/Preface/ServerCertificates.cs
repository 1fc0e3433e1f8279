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

    // All but those in CBC mode, which the framework would add for TLS 1.2. With a policy it resumes no session, so this one is for
    // clients that could get such a suite, and for those that have to prove anew who they are.
    private static readonly CipherSuitesPolicy? _withoutCbc = OperatingSystem.IsWindows() || OperatingSystem.IsAndroid()
        ? null
        : new CipherSuitesPolicy(
        [
            TlsCipherSuite.TLS_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ]);

    private readonly TlsOptions _options;
    private readonly Dictionary<string, NameCertificates> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly NameCertificates _default;
    private readonly List<(CertificateFile File, PreparedCertificate Prepared)> _stapled = [];

    /// <summary>Prepares the certificates of <paramref name="options"/>, of which there must be any.</summary>
    public ServerCertificates(TlsOptions options)
    {
        _options = options;
        IReadOnlyList<CertificateFile> files = options.Certificates!.All;
        foreach (CertificateFile file in files)
        {
            PreparedCertificate prepared = Prepare(file);
            foreach (string name in file.Names)
            {
                if (!_byName.TryGetValue(name, out NameCertificates? its))
                    _byName.Add(name, its = new NameCertificates());
                its.Add(prepared);
            }
        }

        _default = _byName[files[0].Names[0]];
    }

    /// <summary>
    /// Returns the options for a client that asks for <paramref name="serverName"/>: a certificate with this name, or else with the
    /// wildcard for it (RFC 6125, section 6.4.3: one label), or else one for the first name of the first file. No suite in CBC mode is ever
    /// negotiated with them.
    /// </summary>
    /// <param name="serverName">The server name; null for none.</param>
    /// <param name="offered">What the client offers.</param>
    public SslServerAuthenticationOptions Select(string? serverName, TlsOffer offered)
    {
        PreparedCertificate selected = (serverName is null ? _default : Find(serverName)).Select(offered);
        return _options.VerifyClient is TlsClientVerification.None
            ? selected.OptionsFor(offered)
            : WithVerification(selected.Usual);
    }

    /// <summary>
    /// Has OCSP responses stapled to the certificates that name a responder; until then they are presented without. Blocks while issuers
    /// that their files lack are downloaded, so it must not be called where that delays others.
    /// </summary>
    /// <param name="failed">Receives the certificates for which that is impossible, which are presented without from then on.</param>
    public void Staple(Action<CertificateFile, Exception> failed)
    {
        foreach ((CertificateFile file, PreparedCertificate prepared) in _stapled)
        {
            try
            {
                prepared.Replace(OptionsFor(file, isOffline: false));
            }
            catch (Exception exception)
            {
                failed(file, exception);
            }
        }
    }

    private NameCertificates Find(string serverName)
    {
        int dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return _byName.TryGetValue(serverName, out NameCertificates? its)
            || (dot > 0 && _byName.TryGetValue($"*{serverName[dot..]}", out its)) ? its : _default;
    }

    private PreparedCertificate Prepare(CertificateFile file)
    {
        var prepared = new PreparedCertificate(file, OptionsFor(file, isOffline: true));
        if (NamesResponder(file.Certificate))
            _stapled.Add((file, prepared));
        return prepared;
    }

    private static bool NamesResponder(X509Certificate2 certificate) => certificate.Extensions
        .OfType<X509AuthorityInformationAccessExtension>()
        .Any(extension => extension.EnumerateOcspUris().Any());

    // No handshake and no start may depend on the servers that a certificate names. Offline nothing is downloaded; otherwise OCSP responses
    // are fetched, and again before they expire, in the background, and stapled once they are there (SslStreamCertificateContext.Linux.cs
    // of dotnet/runtime).
    private HandshakeOptions OptionsFor(CertificateFile file, bool isOffline)
    {
        var context = SslStreamCertificateContext.Create(
            file.Certificate,
            file.Chain,
            isOffline,
            _options.ClientAuthorities is { } authorities
                ? SslCertificateTrust.CreateForX509Collection(authorities.Certificates, sendTrustInHandshake: true)
                : null);
        return new HandshakeOptions(OptionsFor(context, suites: null), OptionsFor(context, _withoutCbc));
    }

    private SslServerAuthenticationOptions OptionsFor(SslStreamCertificateContext context, CipherSuitesPolicy? suites) => new()
    {
        ServerCertificateContext = context,
        EnabledSslProtocols = _options.MinVersion is TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [.. _options.Alpn.Select(protocol => new SslApplicationProtocol(protocol))],
        AllowRenegotiation = false,
        CipherSuitesPolicy = suites,
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
            CipherSuitesPolicy = _withoutCbc,
            ClientCertificateRequired = true,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Accepts(certificate, chain, errors),
        };
    }

    private bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null ? _options.VerifyClient is TlsClientVerification.Optional : errors is SslPolicyErrors.None)
            return true;
        throw CertificateProblem.Of("the client", name: null, certificate, chain, errors);
    }
}
