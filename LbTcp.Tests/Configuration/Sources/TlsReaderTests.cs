using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Configuration.Sources;

public sealed class TlsReaderTests : ConfigurationScenario
{
    private static readonly X509Certificate2 _certificate = TestCertificates.Create("a.test");

    public TlsReaderTests() => Flags[ServiceSettings.Backends] = ["a:1"];

    [Fact]
    public void Read_Certificates_AreRelativeToTheFileThatNamesThemAndWatched()
    {
        string first = Write("a.pem", _certificate.ToPem());
        string ca = Write("ca.pem", TestCertificates.Localhost.ExportCertificatePem());
        Flags.Clear();

        ConfigurationResult result = Read(Write("lbtcp.json", """
            { "services": { "web": { "listen": 80, "backends": "a:1", "tls_cert": "a.pem", "tls_verify_client": "optional",
                                     "tls_client_ca": "ca.pem" } } }
            """));

        Assert.Empty(result.Errors);
        TlsOptions tls = result.Options!.Services[0].Tls;
        Assert.Equal((first, ca), (Assert.Single(tls.CertificateFiles), tls.ClientCaFile));
        Assert.Equal("a.test", Assert.Single(tls.Certificates!.All).Names[0]);
        Assert.Single(tls.ClientAuthorities!.Certificates);
        Assert.Superset(new HashSet<string> { first, ca }, result.Files.ToHashSet());
    }

    [Fact]
    public void Read_BrokenCertificate_IsReportedAndStillWatched()
    {
        Flags[TlsSettings.Certificates] = [Write("a.pem", "nothing")];

        ConfigurationResult result = Read();

        Assert.False(result.IsValid);
        Assert.Contains("holds no certificate", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Directory, "a.pem"), result.Files);
    }

    [Fact]
    public void Read_RenewedCertificate_IsAChangeOfTheSettingWithoutItsContent()
    {
        Flags[TlsSettings.Certificates] = [Write("a.pem", _certificate.ToPem())];
        ServiceOptions first = Read().Options!.Services[0];
        ServiceOptions same = Read().Options!.Services[0];
        Write("a.pem", TestCertificates.Create("a.test").ToPem());
        ServiceOptions renewed = Read().Options!.Services[0];

        Assert.Equal(first.Tls, same.Tls);
        Assert.NotEqual(first.Tls, renewed.Tls);
        SettingChange change = Assert.Single(ServiceContents.ChangesBetween(first, renewed));
        Assert.Equal("tls_cert", change.Name);
        Assert.Matches(@"^1 certificate \([0-9a-f]{8}\)$", change.New);
    }

    [Fact]
    public void Read_AnotherNumberOfKeys_IsRefused()
    {
        string certificate = Write("a.pem", _certificate.ToPem());
        Flags[TlsSettings.Certificates] = [certificate, Write("b.pem", _certificate.ToPem())];
        Flags[TlsSettings.Keys] = [certificate];

        Assert.StartsWith("--tls-key names 1 file for 2 files of certificates; ", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_VerifiedClientsWithoutAuthorities_IsRefused()
    {
        Flags[TlsSettings.Certificates] = [Write("a.pem", _certificate.ToPem())];
        Flags[TlsSettings.VerifyClient] = ["required"];

        Assert.StartsWith("--tls-verify-client needs --tls-client-ca", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_VerifiedClientsWithoutTls_IsRefused()
    {
        Flags[TlsSettings.VerifyClient] = ["required"];

        Assert.Equal("--tls-verify-client has no effect without --tls-cert.", Error());
    }

    [Fact]
    public void Read_AuthoritiesThatNothingUses_AreRefused()
    {
        Flags[TlsSettings.Certificates] = [Write("a.pem", _certificate.ToPem())];
        Flags[TlsSettings.ClientCa] = [Write("ca.pem", _certificate.ExportCertificatePem())];

        Assert.Equal("--tls-client-ca has no effect without --tls-verify-client.", Error());
    }

    [Fact]
    public void Read_KeyWithoutCertificate_IsRefused()
    {
        Flags[TlsSettings.Keys] = [Write("a.key", "")];

        Assert.Equal("--tls-key has no effect without --tls-cert.", Error());
    }

    [Fact]
    public void Read_CertificateIsGivenTwice_IsTheOnlyError()
    {
        string certificate = Write("a.pem", _certificate.ToPem());
        Flags[TlsSettings.Certificates] = [certificate, certificate];
        Flags[TlsSettings.Keys] = [certificate];

        Assert.Contains("is given twice", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileNamesWithBlanks_AreNotDivided()
    {
        string certificate = Write("the first.pem", _certificate.ExportCertificatePem());
        string key = Write("the key.pem", _certificate.ToPem());
        Flags[TlsSettings.Certificates] = [certificate];
        Flags[TlsSettings.Keys] = [key];

        TlsOptions tls = Read().Options!.Services[0].Tls;

        Assert.Equal((certificate, key), (Assert.Single(tls.CertificateFiles), Assert.Single(tls.KeyFiles)));
    }

    [Fact]
    public void Read_ProtocolsJoinedByAComma_AreRefused()
    {
        Flags[TlsSettings.Certificates] = [Write("a.pem", _certificate.ToPem())];
        Flags[TlsSettings.Alpn] = ["h2,http/1.1"];

        Assert.StartsWith("--tls-alpn: 'h2,http/1.1' is not a protocol name", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SettingInAFileWithoutTls_NamesWhatIsMissingAsInTheFile() => Assert.Contains(
        "services.web.tls_verify_client has no effect without tls_cert.",
        Assert.Single(Errors("""{ "services": { "web": { "listen": 80, "backends": "a:1", "tls_verify_client": "required" } } }""")),
        StringComparison.Ordinal);

    private string Error() => Assert.Single(Read().Errors).ToString();
}
