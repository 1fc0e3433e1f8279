using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;
using LbTcp.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Preface;

public sealed class ServerCertificatesTests : IDisposable
{
    private const TlsOffer Modern = TlsOffer.Tls13 | TlsOffer.EcdsaP256;

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
    [InlineData("www.example.test", 1)] // of two with the same name the one with an EC key
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
        new ServerCertificates(Options()).Select(name, Modern).ServerCertificateContext!.TargetCertificate.Thumbprint);

    [Theory]
    [InlineData(TlsOffer.Tls13 | TlsOffer.EcdsaP256, true)]
    [InlineData(TlsOffer.GcmForEc | TlsOffer.GcmForRsa | TlsOffer.EcdsaP256, true)]
    [InlineData(TlsOffer.Tls13, false)]
    [InlineData(TlsOffer.Tls13 | TlsOffer.EcdsaP384 | TlsOffer.EcdsaP521, false)] // another curve
    [InlineData(TlsOffer.GcmForEc, false)] // without signatures
    [InlineData(TlsOffer.GcmForRsa | TlsOffer.EcdsaP256, false)] // without suites
    [InlineData(TlsOffer.None, false)]
    internal void Select_EcAndRsaForOneName_IsTheOneThatTheClientCanUse(TlsOffer offered, bool isEc)
    {
        foreach (int[] order in (int[][])[[1, 2], [2, 1]])
        {
            var certificates = new ServerCertificates(Options([.. order.Select(index => _certificates[index])]));
            foreach (string? name in (string?[])["www.example.test", "other.test", null]) // the first file is for all others
            {
                SslServerAuthenticationOptions selected = certificates.Select(name, offered);
                Assert.Equal(
                    _certificates[isEc ? 1 : 2].Thumbprint, selected.ServerCertificateContext!.TargetCertificate.Thumbprint);
            }
        }
    }

    [Fact]
    public void Select_TwoWithTheSameKindOfKey_IsTheFirst()
    {
        X509Certificate2 second = TestCertificates.Create("first.test");
        var certificates = new ServerCertificates(Options(_certificates[0], second));

        Assert.Equal(
            _certificates[0].Thumbprint,
            certificates.Select("first.test", Modern).ServerCertificateContext!.TargetCertificate.Thumbprint);
    }

    // OpenSSL's context, and with it the keys of the session tickets, belongs to the options of a certificate.
    [Fact]
    public void Select_SameName_IsTheSameOptions()
    {
        var certificates = new ServerCertificates(Options());
        Assert.Same(certificates.Select("first.test", TlsOffer.Tls13), certificates.Select("other.test", TlsOffer.Tls13));
        Assert.False(certificates.Select("first.test", TlsOffer.Tls13).AllowRenegotiation);
    }

    // A policy prevents that sessions are resumed (dotnet/runtime, Interop.OpenSsl.cs), and keeps the suites in CBC mode away.
    [Theory]
    [InlineData("first.test", TlsOffer.Tls13, false)]
    [InlineData("first.test", TlsOffer.GcmForEc, false)]
    [InlineData("first.test", TlsOffer.GcmForRsa, true)] // of no use with an EC key
    [InlineData("first.test", TlsOffer.None, true)]
    [InlineData("a.example.test", TlsOffer.Tls13, false)]
    [InlineData("a.example.test", TlsOffer.GcmForRsa, false)]
    [InlineData("a.example.test", TlsOffer.GcmForEc, true)]
    internal void Select_ClientThatCouldGetCbc_GetsAPolicyWithoutIt(string name, TlsOffer offered, bool hasPolicy)
    {
        SslServerAuthenticationOptions selected = new ServerCertificates(Options()).Select(name, offered);
        Assert.Equal(hasPolicy, selected.CipherSuitesPolicy is not null);
    }

    [Fact]
    public void Select_ClientsAreVerified_ResumesNoSessionAndSharesNoPolicy()
    {
        Assert.True(AuthoritiesFile.TryRead(
            _files.Write("ca", TestCertificates.CreateAuthority("ca").ExportCertificatePem()), out AuthoritiesFile? authorities, out _));
        var certificates = new ServerCertificates(
            Options() with { VerifyClient = TlsClientVerification.Required, ClientAuthorities = authorities });

        Assert.False(certificates.Select("first.test", TlsOffer.Tls13).AllowTlsResume);
        Assert.True(certificates.Select("first.test", TlsOffer.Tls13).CertificateChainPolicy!.DisableCertificateDownloads);
        Assert.NotSame(
            certificates.Select("first.test", TlsOffer.Tls13).CertificateChainPolicy,
            certificates.Select("first.test", TlsOffer.Tls13).CertificateChainPolicy);
    }

    [Theory]
    [InlineData(TlsClientVerification.Required, false, "no certificate")]
    [InlineData(TlsClientVerification.Required, true, "RemoteCertificateChainErrors")]
    [InlineData(TlsClientVerification.Optional, true, "RemoteCertificateChainErrors")]
    internal void Select_ClientCertificateIsRefused_SaysWhy(
        TlsClientVerification verification, bool isPresented, string expected)
    {
        Assert.True(AuthoritiesFile.TryRead(
            _files.Write("ca", TestCertificates.CreateAuthority("ca").ExportCertificatePem()), out AuthoritiesFile? authorities, out _));
        SslServerAuthenticationOptions selected = new ServerCertificates(
            Options() with { VerifyClient = verification, ClientAuthorities = authorities }).Select(null, TlsOffer.Tls13);

        AuthenticationException refusal = Assert.Throws<AuthenticationException>(() => selected.RemoteCertificateValidationCallback!(
            this, isPresented ? _certificates[0] : null, null, SslPolicyErrors.RemoteCertificateChainErrors));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Staple_OneNamesAResponder_PreparesThatOneAlone()
    {
        X509Certificate2 stapled = TestCertificates.CreateWithResponder("stapled.test");
        var certificates = new ServerCertificates(Options(_certificates[0], stapled));
        SslServerAuthenticationOptions[] before = Select();

        certificates.Staple((file, exception) => Assert.Fail($"{file.Path}: {exception}"));

        Assert.Same(before[0], Select()[0]);
        Assert.NotSame(before[1].ServerCertificateContext, Select()[1].ServerCertificateContext);
        Assert.Equal(stapled.Thumbprint, Select()[1].ServerCertificateContext!.TargetCertificate.Thumbprint);

        SslServerAuthenticationOptions[] Select() =>
            [certificates.Select("first.test", TlsOffer.Tls13), certificates.Select("stapled.test", TlsOffer.Tls13)];
    }

    [Fact]
    public void Staple_CertificateCannotBePrepared_ReportsItAndKeepsWhatThereIs()
    {
        TlsOptions options = Options(TestCertificates.CreateWithResponder("stapled.test"));
        var certificates = new ServerCertificates(options);
        SslServerAuthenticationOptions before = certificates.Select(null, TlsOffer.Tls13);
        List<CertificateFile> failed = [];
        options.Certificates!.All[0].Certificate.Dispose();

        certificates.Staple((file, _) => failed.Add(file));

        Assert.Equal(options.Certificates.All, failed);
        Assert.Same(before, certificates.Select(null, TlsOffer.Tls13));
    }

    private TlsOptions Options() => Options(_certificates);

    private TlsOptions Options(params X509Certificate2[] of) => new() { Certificates = new CertificateSet([.. of.Select(Read)]) };

    private CertificateFile Read(X509Certificate2 certificate)
    {
        Assert.True(CertificateFile.TryRead(_files.Write("pem", certificate.ToPem()), null, out CertificateFile? file, out _));
        return file;
    }
}
