using System.Security.Cryptography.X509Certificates;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.Repository;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>The commands with TLS of <c>docs/recipes.md</c> do what the page promises, for curl and OpenSSL, in front of nginx.</summary>
public sealed class TlsRecipeTests : RealProgramScenario
{
    private const string Certificate = "certificate.pem";
    private static readonly (string, string) _listen = ("--listen 443", "--listen 127.0.0.1:0");

    private readonly TemporaryDirectory _files;
    private readonly string _site;

    public TlsRecipeTests()
    {
        RealProgram.Require("nginx", "openssl", "curl");
        _files = Own(new TemporaryDirectory());
        _site = _files.Write("site.pem", TestCertificates.Create("www.example.org").ToPem());
    }

    private (string, string) SiteFile => ("/etc/lbtcp/www.example.org.pem", _site);

    [SkippableFact]
    public async Task TlsAtTheEdge_Curl_VerifiesTheCertificateAndGetsAPlainBackend()
    {
        RealServer[] servers = await StartPlainServersAsync();
        LbTcpProcess lbtcp = await StartAsync([], RecipePage.Of("TLS at the edge").Arguments(
            _listen, SiteFile, ("10.0.1.4:80", $"{servers[0].EndPoint}"), ("10.0.1.5:80", $"{servers[1].EndPoint}")));

        ProgramRun run = await CurlAsync(lbtcp, "port", "--verbose");

        Assert.Equal($"{servers[0].EndPoint.Port}", run.Output);
        Assert.Contains("server accepted http/1.1", run.Error, StringComparison.Ordinal);
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "www.example.org", "TLSv1.3"), (end["reason"], end["server_name"], end["tls"]));
    }

    [SkippableFact]
    public async Task TlsToTheBackends_OneHasAnotherCertificate_ServesNobody()
    {
        RealServer[] servers = await StartServersAsync(2, () => CheckedServers.NginxTls(
            "location / { return 200 \"$https $server_port\"; }"));
        LbTcpProcess lbtcp = await StartAsync([], RecipePage.Of("TLS at the edge, and to the backends").Arguments(
            _listen,
            SiteFile,
            ("10.0.1.4:443", $"{servers[0].EndPoint}"),
            ("10.0.1.5:443", $"{servers[1].EndPoint}"),
            ("/etc/lbtcp/internal-ca.pem", servers[1][Certificate]),
            ("www.internal", "test"))); // the name in the certificates of these servers

        for (int i = 0; i < 2; i++)
            Assert.Equal($"on {servers[1].EndPoint.Port}", (await CurlAsync(lbtcp, "")).Output);

        Assert.Contains(await lbtcp.EndRecordsAsync(2), end => end["attempts"]?.Contains("TLS: ", StringComparison.Ordinal) == true);
    }

    [SkippableFact]
    public async Task OnePortForSeveralNames_OpenSsl_GetsTheCertificateOfItsServer()
    {
        RealServer[] servers = await StartServersAsync(2, () => CheckedServers.NginxTls());
        LbTcpProcess lbtcp = await StartAsync([], RecipePage.Of("One port for several TLS names").Arguments(
            _listen, ("10.0.1.4:443", $"{servers[0].EndPoint}"), ("10.0.2.4:443", $"{servers[1].EndPoint}")));

        string[] certificates = [.. servers.Select(server => server.ReadFile(Certificate))];
        Assert.Contains(certificates[0], await OpenSslAsync(lbtcp, "shop.example"), StringComparison.Ordinal);
        Assert.Contains(certificates[1], await OpenSslAsync(lbtcp, "blog.example"), StringComparison.Ordinal);
        Assert.Contains(certificates[1], await OpenSslAsync(lbtcp, "news.blog.example"), StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN CERTIFICATE", await OpenSslAsync(lbtcp, "other.example"), StringComparison.Ordinal);

        Assert.Equal("server_name_unknown", (await lbtcp.EndRecordsAsync(4))[3]["reason"]);
    }

    [SkippableFact]
    public async Task ClientsWithCertificates_CurlWithoutOne_IsRefused()
    {
        RealServer[] servers = await StartPlainServersAsync();
        X509Certificate2 authority = TestCertificates.CreateAuthority("clients");
        string client = _files.Write("client.pem", TestCertificates.Issue(authority, "alice").ToPem());
        LbTcpProcess lbtcp = await StartAsync([], RecipePage.Of("Clients with certificates").Arguments(
            _listen,
            SiteFile,
            ("10.0.1.4:80", $"{servers[0].EndPoint}"),
            ("10.0.1.5:80", $"{servers[1].EndPoint}"),
            ("/etc/lbtcp/clients-ca.pem", _files.Write("ca.pem", authority.ExportCertificatePem()))));

        ProgramRun refused = await CurlAsync(lbtcp, "port");
        ProgramRun served = await CurlAsync(lbtcp, "port", "--cert", client);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Equal((0, $"{servers[0].EndPoint.Port}"), (served.ExitCode, served.Output));
        Assert.Equal(["client_tls_failed", "completed"], (await lbtcp.EndRecordsAsync(2)).Select(end => end["reason"]));
    }

    // It verifies the certificate.
    private Task<ProgramRun> CurlAsync(LbTcpProcess lbtcp, string path, params string[] arguments)
    {
        int port = lbtcp.EndPoint.Port;
        string[] site = ["--cacert", _site, "--resolve", $"www.example.org:{port}:127.0.0.1", $"https://www.example.org:{port}/{path}"];
        return ProgramRun.OfAsync(RealProgram.StartInfo("curl", ["--silent", "--show-error", "--fail", .. arguments, .. site]));
    }

    // A handshake that fails is an answer, too.
    private static async Task<string> OpenSslAsync(LbTcpProcess lbtcp, string name) => (await ProgramRun.OfAsync(
        RealProgram.StartInfo("openssl", "s_client", "-connect", $"{lbtcp.EndPoint}", "-servername", name))).Output;

    private Task<RealServer[]> StartPlainServersAsync() => StartServersAsync(2, () => RealServer.Nginx("file.txt", []));
}
