using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;
using LbTcp.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Preface;

public sealed class ServerCertificatesTests : IDisposable
{
    private readonly TemporaryDirectory _files = new();
    private readonly X509Certificate2[] _certificates =
    [
        TestCertificates.Create("first.test"),
        TestCertificates.Create("www.example.test", "*.example.test"),
        TestCertificates.CreateRsa("www.example.test", "a.example.test"),
    ];

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("first.test", 0)]
    [InlineData("www.example.test", 1)] // of two with the same name the first one
    [InlineData("WWW.Example.Test", 1)]
    [InlineData("b.example.test", 1)]
    [InlineData("a.example.test", 2)] // the exact name before the wildcard
    [InlineData("b.a.example.test", 0)] // a wildcard is one label
    [InlineData("example.test", 0)]
    [InlineData(".example.test", 0)]
    [InlineData("*.example.test", 1)]
    [InlineData("other.test", 0)]
    [InlineData("", 0)]
    public void Select_Name_IsTheCertificateForIt(string name, int expected) => Assert.Equal(
        _certificates[expected].Thumbprint,
        new ServerCertificates(Options()).Select(name).ServerCertificateContext!.TargetCertificate.Thumbprint);

    // OpenSSL's context, and with it the keys of the session tickets, belongs to the options of a certificate.
    [Fact]
    public void Select_SameName_IsTheSameOptions()
    {
        var certificates = new ServerCertificates(Options());
        Assert.Same(certificates.Select("first.test"), certificates.Select("other.test"));
        Assert.False(certificates.Select("first.test").AllowRenegotiation);
    }

    [Fact]
    public void Select_ClientsAreVerified_ResumesNoSessionAndSharesNoPolicy()
    {
        Assert.True(AuthoritiesFile.TryRead(
            _files.Write("ca", TestCertificates.CreateAuthority("ca").ExportCertificatePem()), out AuthoritiesFile? authorities, out _));
        var certificates = new ServerCertificates(
            Options() with { VerifyClient = TlsClientVerification.Required, ClientAuthorities = authorities });

        Assert.False(certificates.Select("first.test").AllowTlsResume);
        Assert.True(certificates.Select("first.test").CertificateChainPolicy!.DisableCertificateDownloads);
        Assert.NotSame(certificates.Select("first.test").CertificateChainPolicy, certificates.Select("first.test").CertificateChainPolicy);
    }

    private TlsOptions Options() => new() { Certificates = new CertificateSet([.. _certificates.Select(Read)]) };

    private CertificateFile Read(X509Certificate2 certificate)
    {
        Assert.True(CertificateFile.TryRead(_files.Write("pem", certificate.ToPem()), null, out CertificateFile? file, out _));
        return file;
    }
}
