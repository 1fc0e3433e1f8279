using System.Text;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Several nginx with certificates of their own behind one port, which is not where TLS ends.</summary>
public sealed class ServerNameTests : RealProgramScenario
{
    private const string Certificate = "certificate.pem";
    private const string FileName = "file.txt";
    private static readonly byte[] _content = Encoding.ASCII.GetBytes(Convert.ToBase64String(Payload.Random(3 * 1024 * 1024)));

    public ServerNameTests() => RealProgram.Require("nginx", "openssl", "curl");

    [SkippableFact]
    public async Task OpenSsl_ServerName_GetsTheCertificateOfItsBackend()
    {
        (LbTcpProcess lbtcp, RealServer a, RealServer b) = await StartAsync();

        Assert.Contains(a.ReadFile(Certificate), await OpenSslAsync(lbtcp, "-servername", "a.example"), StringComparison.Ordinal);
        Assert.Contains(b.ReadFile(Certificate), await OpenSslAsync(lbtcp, "-servername", "x.b.example"), StringComparison.Ordinal);
        Assert.Contains(
            b.ReadFile(Certificate), await OpenSslAsync(lbtcp, "-servername", "x.b.example", "-tls1_2"), StringComparison.Ordinal);

        Assert.Equal(
            [("a", "a.example"), ("b", "x.b.example"), ("b", "x.b.example")],
            (await lbtcp.EndRecordsAsync(3)).Select(record => (record["backend"], record["server_name"])));
    }

    [SkippableFact]
    public async Task OpenSsl_OtherNameOrNone_IsReset()
    {
        (LbTcpProcess lbtcp, _, _) = await StartAsync();

        Assert.DoesNotContain("BEGIN CERTIFICATE", await OpenSslAsync(lbtcp, "-servername", "b.example"), StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN CERTIFICATE", await OpenSslAsync(lbtcp, "-noservername"), StringComparison.Ordinal);

        Assert.Equal(
            [("server_name_unknown", "b.example"), ("server_name_unknown", null)],
            (await lbtcp.EndRecordsAsync(2)).Select(record => (record["reason"], record["server_name"])));
    }

    [SkippableFact]
    public async Task Curl_OtherNameOrNoTls_GetsTheBackendWithoutNames()
    {
        RealServer rest = Own(RealServer.Nginx(FileName, []));
        await rest.StartAsync();
        (LbTcpProcess lbtcp, _, _) = await StartAsync("--backends", $"{rest.EndPoint},name=rest");

        Assert.Equal($"{rest.EndPoint.Port}", await RealProgram.RunAsync("curl", "-sSf", $"http://{lbtcp.EndPoint}/port"));
        _ = await OpenSslAsync(lbtcp, "-servername", "c.example"); // it speaks no TLS

        Assert.Equal(
            [("rest", null), ("rest", "c.example")],
            (await lbtcp.EndRecordsAsync(2)).Select(record => (record["backend"], record["server_name"])));
    }

    [SkippableFact]
    public async Task Curl_FetchesAFile_GetsItWholeFromTheServerOfTheName()
    {
        (LbTcpProcess lbtcp, RealServer a, RealServer b) = await StartAsync();
        await File.WriteAllBytesAsync(a[FileName], _content);
        await File.WriteAllTextAsync(b[FileName], "b");

        string fetched = await CurlAsync(lbtcp, "a.example");

        Assert.Equal(Payload.Hash(_content), Payload.Hash(Encoding.ASCII.GetBytes(fetched)));
        Assert.Equal("b", await CurlAsync(lbtcp, "x.b.example"));
        Assert.All(await lbtcp.EndRecordsAsync(2), record => Assert.Equal("completed", record["reason"]));
    }

    [SkippableFact]
    public async Task OpenSsl_ServerOfTheNameIsDown_IsResetAndOtherNamesAreServed()
    {
        (LbTcpProcess lbtcp, RealServer a, RealServer b) = await StartAsync("--check", "tcp", "--check-interval", "80ms", "--fall", "2");
        b.Kill();
        Assert.Equal("*.b.example", (await lbtcp.RecordAsync(EventIds.ServerNameDown))["server_name"]);

        Assert.DoesNotContain("BEGIN CERTIFICATE", await OpenSslAsync(lbtcp, "-servername", "x.b.example"), StringComparison.Ordinal);
        Assert.Contains(a.ReadFile(Certificate), await OpenSslAsync(lbtcp, "-servername", "a.example"), StringComparison.Ordinal);

        Assert.Equal(
            [("no_backend_available", "x.b.example"), ("completed", "a.example")],
            (await lbtcp.EndRecordsAsync(2)).Select(record => (record["reason"], record["server_name"])));
        await b.StartAsync();
        Assert.Equal("*.b.example", (await lbtcp.RecordAsync(EventIds.ServerNameDownEnded))["server_name"]);
    }

    private async Task<(LbTcpProcess LbTcp, RealServer A, RealServer B)> StartAsync(params string[] flags)
    {
        RealServer[] servers = await StartServersAsync(2, () => CheckedServers.NginxTls());
        LbTcpProcess lbtcp = await StartAsync(
            [],
            [
                "--backends", $"{servers[0].EndPoint},name=a,server_name=a.example",
                "--backends", $"{servers[1].EndPoint},name=b,server_name=*.b.example",
                .. flags,
            ]);
        return (lbtcp, servers[0], servers[1]);
    }

    // A handshake that fails is an answer, too.
    private static async Task<string> OpenSslAsync(LbTcpProcess lbtcp, params string[] arguments) =>
        (await ProgramRun.OfAsync(RealProgram.StartInfo("openssl", ["s_client", "-connect", $"{lbtcp.EndPoint}", .. arguments]))).Output;

    private static Task<string> CurlAsync(LbTcpProcess lbtcp, string host)
    {
        int port = lbtcp.EndPoint.Port;
        return RealProgram.RunAsync("curl", "-sSfk", "--resolve", $"{host}:{port}:127.0.0.1", $"https://{host}:{port}/{FileName}");
    }
}
