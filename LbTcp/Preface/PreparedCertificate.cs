using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;

namespace LbTcp.Preface;

/// <summary>A certificate with the options for handshakes with it.</summary>
/// <param name="file">The certificate.</param>
/// <param name="options">The options.</param>
internal sealed class PreparedCertificate(CertificateFile file, HandshakeOptions options)
{
    private readonly TlsOffer _suites = TlsOffer.Tls13 | (file.HasEcKey ? TlsOffer.GcmForEc : TlsOffer.GcmForRsa);
    private readonly TlsOffer _signature = SignatureOf(file.Certificate);
    private volatile HandshakeOptions _options = options;

    /// <summary>Whether its key is one for elliptic curves; otherwise it is an RSA key.</summary>
    public bool HasEcKey { get; } = file.HasEcKey;

    /// <summary>The options for clients of which it is not known whether they could get a suite in CBC mode.</summary>
    public SslServerAuthenticationOptions Usual => _options.Usual;

    /// <summary>Whether a client can use it: of an EC key it has to know the curve.</summary>
    public bool IsUsableBy(TlsOffer offered) => HasSuiteFor(offered) && (!HasEcKey || (offered & _signature) is not TlsOffer.None);

    /// <summary>
    /// Returns the options for a client. One that offers any suite without CBC gets that, since the framework prefers its own order; it may
    /// resume its session.
    /// </summary>
    public SslServerAuthenticationOptions OptionsFor(TlsOffer offered) =>
        HasSuiteFor(offered) ? _options.Usual : _options.WithoutCbc;

    /// <summary>Replaces the options.</summary>
    public void Replace(HandshakeOptions options) => _options = options;

    private bool HasSuiteFor(TlsOffer offered) => (offered & _suites) is not TlsOffer.None;

    // TLS 1.3 has one scheme for each curve; TLS 1.2 has no such bond, but its clients offer the same schemes.
    private static TlsOffer SignatureOf(X509Certificate2 certificate)
    {
        using ECDsa? key = certificate.GetECDsaPublicKey();
        return key?.KeySize switch
        {
            256 => TlsOffer.EcdsaP256,
            384 => TlsOffer.EcdsaP384,
            521 => TlsOffer.EcdsaP521,
            _ => TlsOffer.None,
        };
    }
}

/// <summary>The options for handshakes with one certificate.</summary>
/// <param name="Usual">With all suites of the framework; sessions are resumed.</param>
/// <param name="WithoutCbc">Without the suites in CBC mode; no session is resumed.</param>
internal sealed record HandshakeOptions(SslServerAuthenticationOptions Usual, SslServerAuthenticationOptions WithoutCbc);
