using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Configuration;

public sealed class CertificateFileTests : IDisposable
{
    // openssl genpkey -algorithm ed25519; openssl req -x509 -days 36500
    private const string Ed25519Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBMDCB46ADAgECAhRSiuW/yTHn0Sqo0+2UXAwI/oVqlDAFBgMrZXAwDTELMAkG
        A1UEAwwCZWQwIBcNMjYxMTI2MTM0NDE5WhgPMjEyNjExMDIxMzQ0MTlaMA0xCzAJ
        BgNVBAMMAmVkMCowBQYDK2VwAyEAl6B90++L1UR8YmzCtdNFRpVRhlZUYVa2IWRo
        XqONftijUzBRMB0GA1UdDgQWBBTM8RcweVF+tidJlMHDETXOnZZIZDAfBgNVHSME
        GDAWgBTM8RcweVF+tidJlMHDETXOnZZIZDAPBgNVHRMBAf8EBTADAQH/MAUGAytl
        cANBAB5ZM/rTthMjzqKftiC9tS2GlNqx9VZDdQsI46vjp05JNUeVtYeHUNR7HNRz
        UvLzedHfAGABzrdrvNo7sAbVNAw=
        -----END CERTIFICATE-----
        """;

    private static readonly X509Certificate2 _ec = TestCertificates.Create("www.example.test", "*.Example.test");
    private static readonly X509Certificate2 _rsa = TestCertificates.CreateRsa("rsa.test");
    private static readonly PbeParameters _encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);

    private readonly TemporaryDirectory _files = new();

    public static TheoryData<string, bool> Keys => new()
    {
        { _ec.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), false },
        {
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + _ec.GetECDsaPrivateKey()!.ExportECPrivateKeyPem(),
            false
        },
        { _rsa.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), true },
        { _rsa.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem(), true },
    };

    public static TheoryData<string, string> WrongKeys => new()
    {
        { "", "holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)." },
        { _ec.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("secret", _encryption), "holds an encrypted private key, " },
        {
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            "holds an encrypted private key, "
        },
        { "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds a private key that cannot be decoded." },
        {
            TestCertificates.Localhost.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            "holds a private key that does not belong to the certificate in "
        },
        {
            _rsa.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            "holds a private key that does not belong to the certificate in "
        },
    };

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Keys))]
    public void TryRead_KeyOfEveryForm_IsThatOfTheCertificate(string key, bool isRsa)
    {
        string certificate = (isRsa ? _rsa : _ec).ExportCertificatePem();

        Assert.True(CertificateFile.TryRead(_files.Write("one", certificate + "\n" + key), null, out CertificateFile? one, out _));
        Assert.True(CertificateFile.TryRead(_files.Write("c", certificate), _files.Write("k", key), out CertificateFile? two, out _));

        Assert.All([one, two], file => Assert.True(file.Certificate.HasPrivateKey));
        Assert.Equal((_files["c"], _files["k"]), (two.Path, two.KeyPath));
    }

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void TryRead_WrongKey_IsOneSentenceWithTheFileAndNothingOfTheKey(string key, string problem)
    {
        string path = _files.Write("k", key);

        Assert.False(CertificateFile.TryRead(_files.Write("c", _ec.ExportCertificatePem()), path, out _, out ConfigurationError? error));

        Assert.StartsWith($"{path} {problem}", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY-----\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_NoKeyBesideTheCertificate_SaysWhereItMayBe()
    {
        string path = _files.Write("c", _ec.ExportCertificatePem());

        Assert.False(CertificateFile.TryRead(path, null, out _, out ConfigurationError? error));

        Assert.Equal(
            $"{path} holds no private key in PEM form (-----BEGIN PRIVATE KEY-----); add the key to it, or name the file of the key as "
            + "tls_key.",
            error.ToString());
    }

    [Fact]
    public void TryRead_CertificateIsNeitherRsaNorEc_SaysSoOfTheCertificate()
    {
        string path = _files.Write("c", Ed25519Certificate);

        Assert.False(CertificateFile.TryRead(path, _files.Write("k", _ec.ToPem()), out _, out ConfigurationError? error));

        Assert.StartsWith($"{path} holds a certificate with a key that is neither RSA nor EC", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "{0} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).")]
    [InlineData(
        "\n\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "{0}:3: The certificate that begins here cannot be decoded.")]
    public void TryRead_WrongCertificate_SaysWhere(string text, string expected)
    {
        string path = _files.Write("c", text);
        Assert.False(CertificateFile.TryRead(path, null, out _, out ConfigurationError? error));
        Assert.Equal(expected.Replace("{0}", path, StringComparison.Ordinal), error.ToString());
    }

    [Fact]
    public void TryRead_MissingFile_SaysSo()
    {
        Assert.False(CertificateFile.TryRead(_files["none"], null, out _, out ConfigurationError? error));
        Assert.Equal($"{_files["none"]} does not exist.", error.ToString());
    }

    [Fact]
    public void TryRead_Chain_FollowsTheCertificateWhoseNamesCount()
    {
        CertificateFile file = Read(_ec.ToPem() + _rsa.ExportCertificatePem());

        Assert.Equal(["www.example.test", "*.example.test"], file.Names);
        Assert.Equal(_rsa.Thumbprint, Assert.Single(file.Chain).Thumbprint);
    }

    [Fact]
    public void Equals_GoesByTheContent()
    {
        Assert.Equal(Read(_ec.ToPem()), Read(_ec.ToPem()));
        Assert.NotEqual(Read(_ec.ToPem()), Read(_ec.ToPem() + "\n"));
        Assert.Matches(@"^until \d{4}-\d\d-\d\d \([0-9a-f]{8}\)$", Read(_ec.ToPem()).ToString());
    }

    [Theory]
    [InlineData(-40, -1, "expired at ")]
    [InlineData(1, 40, "is not valid before ")]
    [InlineData(-1, 10, "expires at ")]
    [InlineData(-1, 15, null)]
    public void DescribeValidity_Days_SaysWhatIsWrong(int from, int to, string? expected)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        CertificateFile file = Read(TestCertificates.CreateValid("a", now.AddDays(from), now.AddDays(to)).ToPem());

        string? sentence = file.DescribeValidity(now, TimeSpan.FromDays(14));

        if (expected is null)
            Assert.Null(sentence);
        else
            Assert.StartsWith($"The certificate in {file.Path} {expected}", sentence, StringComparison.Ordinal);
    }

    private CertificateFile Read(string text)
    {
        Assert.True(CertificateFile.TryRead(_files.Write("pem", text), null, out CertificateFile? file, out _));
        return file;
    }
}
