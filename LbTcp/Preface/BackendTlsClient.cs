using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;
using LbTcp.Connections.Tls;

namespace LbTcp.Preface;

/// <summary>
/// Encrypts connections to backends as their options say: which name is sent and demanded, which authorities are trusted, and which
/// certificate is presented. Sessions are resumed. Revocation is not checked, and nothing is downloaded for a handshake.
/// </summary>
/// <param name="limit">Limits the handshakes that compute at a time.</param>
internal sealed class BackendTlsClient(HandshakeLimit limit) : IBackendTls
{
    // By the options of the backend, which a reload replaces, and by protocol: what the certificate and its chain amount to is computed
    // once for each.
    private readonly ConditionalWeakTable<BackendOptions, ConcurrentDictionary<string, SslClientAuthenticationOptions>> _known = [];

    public Task<string?> AuthenticateAsync(
        TlsConnection connection, BackendOptions backend, string? protocol, CancellationToken cancellationToken) =>
        connection.AuthenticateAsync(
            _known.GetOrCreateValue(backend).GetOrAdd(protocol ?? "", static (name, options) => OptionsFor(options, name), backend),
            limit,
            cancellationToken);

    [SuppressMessage("Security", "CA5359", Justification = "tls=on asks for encryption alone; tls=verify validates.")]
    private static SslClientAuthenticationOptions OptionsFor(BackendOptions backend, string protocol) => new()
    {
        TargetHost = NameOf(backend),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = protocol.Length == 0 ? null : [new SslApplicationProtocol(protocol)],
        AllowRenegotiation = false,
        RemoteCertificateValidationCallback = backend.Tls is BackendTls.Verify ? Verify(NameOf(backend)) : AcceptAny,
        CertificateChainPolicy = PolicyFor(backend.TlsFiles),
        ClientCertificateContext = backend.TlsFiles?.Certificate is { } certificate
            ? SslStreamCertificateContext.Create(certificate.Certificate, certificate.Chain, offline: true)
            : null,
    };

    private static RemoteCertificateValidationCallback Verify(string name) => (_, certificate, chain, errors) =>
        errors is SslPolicyErrors.None ? true : throw CertificateProblem.Of("the backend", name, certificate, chain, errors);

    private static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;

    // An address is no server name (RFC 6066, section 3), but a certificate may be issued for it.
    private static string NameOf(BackendOptions backend) =>
        backend.TlsName ?? backend.Resolved?.HostName ?? backend.Address.HostName.Split('%')[0];

    private static X509ChainPolicy PolicyFor(BackendTlsFiles? files)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (files?.Authorities is not { } authorities)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities.Certificates);
        return policy;
    }
}
