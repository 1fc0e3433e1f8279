using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Makes certificates for tests. Nothing of them is in the repository.</summary>
internal static class TestCertificates
{
    private static readonly Lazy<X509Certificate2> _localhost = new(() => Create("localhost"));

    /// <summary>A self-signed certificate for <c>localhost</c>, shared by the tests that need any.</summary>
    public static X509Certificate2 Localhost => _localhost.Value;

    /// <summary>Creates a self-signed certificate with an EC key for the names; the first one is its common name.</summary>
    public static X509Certificate2 Create(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256), names)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>Creates a self-signed certificate with an RSA key for the names.</summary>
    public static X509Certificate2 CreateRsa(params string[] names)
    {
        using var key = RSA.Create(2048);
        return Request(new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), names)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>Creates a self-signed certificate that names an OCSP responder, where nobody listens.</summary>
    public static X509Certificate2 CreateWithResponder(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), [name]);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(["http://127.0.0.1:1/"], caIssuersUris: null));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>Creates a self-signed certificate that is valid between the two times.</summary>
    public static X509Certificate2 CreateValid(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), [name]).CreateSelfSigned(from, to);
    }

    /// <summary>Creates an authority.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="issuer">The authority that it gets its certificate from; null for itself.</param>
    public static X509Certificate2 CreateAuthority(string name, X509Certificate2? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return issuer is null
            ? request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(40))
            : Issue(request, issuer, key);
    }

    /// <summary>Creates a certificate that <paramref name="issuer"/> has issued.</summary>
    public static X509Certificate2 Issue(X509Certificate2 issuer, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(Request(new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256), names), issuer, key);
    }

    /// <summary>The certificate and its key (PKCS#8) as one PEM text.</summary>
    public static string ToPem(this X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    private static X509Certificate2 Issue(CertificateRequest request, X509Certificate2 issuer, ECDsa key)
    {
        using X509Certificate2 issued = request.Create(
            issuer, DateTimeOffset.UtcNow.AddDays(-1), issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(CertificateRequest request, string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        return request;
    }
}
