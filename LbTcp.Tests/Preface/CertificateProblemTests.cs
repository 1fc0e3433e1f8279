using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Preface;

public sealed class CertificateProblemTests
{
    private static readonly DateTimeOffset _from = new(2020, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Of_NoCertificate_SaysSo() => Assert.Equal(
        "the backend has presented no certificate",
        CertificateProblem.Of("the backend", "a.example", null, null, SslPolicyErrors.RemoteCertificateNotAvailable).Message);

    [Fact]
    public void Of_SeveralProblems_NamesEachOnce()
    {
        using X509Certificate2 expired = TestCertificates.CreateValid("b.example", _from, _from.AddDays(30));
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        Assert.False(chain.Build(expired));

        string message = CertificateProblem.Of(
            "the backend",
            "a.example",
            expired,
            chain,
            SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors).Message;

        Assert.StartsWith("the certificate of the backend is invalid: it is not for a.example, ", message, StringComparison.Ordinal);
        Assert.Contains("(it is valid from 2020-01-02 03:04 to 2020-02-01 03:04 UTC)", message, StringComparison.Ordinal);
        Assert.Contains("no authority that is trusted has issued it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NothingKnownButFlags_NamesThem()
    {
        using X509Certificate2 certificate = TestCertificates.Create("a.example");

        Assert.Equal(
            "the certificate of the client is invalid: RemoteCertificateChainErrors",
            CertificateProblem.Of("the client", null, certificate, null, SslPolicyErrors.RemoteCertificateChainErrors).Message);
    }
}
