using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Connections to backends that are encrypted.</summary>
public sealed class BackendTlsTests : EndToEndScenario
{
    private readonly TemporaryDirectory _files;
    private readonly X509Certificate2 _authority = TestCertificates.CreateAuthority("Test CA");
    private string? _serverName;

    public BackendTlsTests()
    {
        _files = Own(new TemporaryDirectory());
        IsServingAtEnd = false; // what serves then does not speak TLS
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Verify_CertificateOfItsNameAndAuthority_IsServedEncrypted(string transport)
    {
        TestBackend backend = Backend(ServeTlsAsync(TestCertificates.Issue(_authority, "web.example")));
        LbTcpProcess lbtcp = await StartAsync(
            [], "--transport", transport, "--backends", $"{backend.EndPoint},tls=verify,tls_ca={CaFile()},tls_name=web.example");

        Assert.Equal("ping", await EchoAsync(lbtcp));
        Assert.Equal("web.example", _serverName);
        Assert.Equal("completed", (await lbtcp.EndRecordAsync())["reason"]);
    }

    [Theory]
    [InlineData("other.example", "TLS: the certificate of the backend is invalid: it is not for web.example")]
    [InlineData(null, "TLS: the certificate of the backend is invalid: no authority that is trusted has issued it")]
    public async Task Verify_CertificateIsWrong_ResetsTheClientAndSaysWhy(string? name, string problem)
    {
        X509Certificate2 certificate = name is null ? TestCertificates.Create("web.example") : TestCertificates.Issue(_authority, name);
        TestBackend backend = Backend(ServeTlsAsync(certificate));
        LbTcpProcess lbtcp = await StartAsync(
            [], "--backends", $"{backend.EndPoint},tls=verify,tls_ca={CaFile()},tls_name=web.example");
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);

        Assert.Equal(0, await client.ReceiveToResetAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("backend_tls_failed", "backend", "0"), (end["reason"], end["ended_by"], end["sent"]));
        Assert.Contains(problem, end["attempts"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OneBackendIsWrong_AnotherServesAndTheWrongOneIsEjected()
    {
        TestBackend wrong = Backend(ServeTlsAsync(TestCertificates.Create("web.example")));
        TestBackend right = Backend(ServeTlsAsync(TestCertificates.Issue(_authority, "web.example")));
        string options = $",tls=verify,tls_ca={CaFile()},tls_name=web.example";
        LbTcpProcess lbtcp = await StartAsync(
            [], "--algorithm", "first", "--passive-fall", "2", "--hedge-after", "0",
            "--backends", $"{wrong.EndPoint}{options}", $"{right.EndPoint}{options}");

        Assert.Equal("ping", await EchoAsync(lbtcp));
        Assert.Equal("ping", await EchoAsync(lbtcp));
        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        Assert.Equal("ping", await EchoAsync(lbtcp));

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(3);
        Assert.All(ends, end => Assert.Equal((right.EndPoint.ToString(), "completed"), (end["address"], end["reason"])));
        Assert.Contains("TLS: ", ends[0]["attempts"], StringComparison.Ordinal);
        Assert.Contains("TLS: ", down["reason"], StringComparison.Ordinal);
        Assert.InRange(wrong.Accepted, 2, 3); // a pick may come between the record and the next plan
    }

    [Fact]
    public async Task On_AnyCertificate_IsServed()
    {
        TestBackend backend = Backend(ServeTlsAsync(TestCertificates.Create("web.example")));
        LbTcpProcess lbtcp = await StartAsync([], "--backends", $"{backend.EndPoint},tls=on");

        Assert.Equal("ping", await EchoAsync(lbtcp));
    }

    [Fact]
    public async Task On_BackendTalksPlainly_FailsTheHandshake()
    {
        TestBackend backend = Backend(async connection => await connection.SendAsync("220 hello, this is no TLS\r\n"));
        LbTcpProcess lbtcp = await StartAsync([], "--backends", $"{backend.EndPoint},tls=on");
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);

        Assert.Equal(0, await client.ReceiveToResetAsync());
        Assert.Equal("backend_tls_failed", (await lbtcp.EndRecordAsync())["reason"]);
    }

    // That the client is served although the handshake has an hour shows that another backend was dialled beside the silent one.
    [Theory, ClassData(typeof(TransportNames))]
    public async Task On_BackendIsSilentInTheHandshake_AnotherServes(string transport)
    {
        TestBackend silent = Backend(Behaviours.HangAsync);
        TestBackend good = Backend(ServeTlsAsync(TestCertificates.Create("web.example")));
        LbTcpProcess lbtcp = await StartAsync(
            [], "--transport", transport, "--algorithm", "first", "--hedge-after", "50ms", "--tls-handshake-timeout", "1h",
            "--backends", $"{silent.EndPoint},tls=on,name=silent", $"{good.EndPoint},tls=on,name=good");

        Assert.Equal("ping", await EchoAsync(lbtcp));

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "good"), (end["reason"], end["backend"]));
        Assert.StartsWith("[\"silent:TLS: no answer in ", end["attempts"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_BackendDemandsOne_IsPresented()
    {
        string? presented = null;
        TestBackend backend = Backend(connection => ServeTlsAsync(connection, new SslServerAuthenticationOptions
        {
            ServerCertificate = TestCertificates.Issue(_authority, "web.example"),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => (presented = certificate?.Subject) is not null,
        }));
        X509Certificate2 own = TestCertificates.Issue(_authority, "lbtcp.example");
        string certificate = _files.Write("lbtcp.pem", own.ExportCertificatePem());
        string key = _files.Write("lbtcp.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        LbTcpProcess lbtcp = await StartAsync([], "--backends", $"{backend.EndPoint},tls=on,tls_cert={certificate},tls_key={key}");

        Assert.Equal("ping", await EchoAsync(lbtcp));
        Assert.Equal("CN=lbtcp.example", presented);
    }

    [Fact]
    public async Task Check_OfAnEncryptedBackend_IsEncryptedAndVerified()
    {
        TestBackend backend = Backend(ServeTlsAsync(TestCertificates.Create("web.example")));
        LbTcpProcess lbtcp = await StartAsync(
            [], "--check", "https", "--check-interval", "50ms", "--fall", "1",
            "--backends", $"{backend.EndPoint},tls=verify,tls_ca={CaFile()},tls_name=web.example");

        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);

        Assert.StartsWith("GET /health: TLS: ", down["reason"], StringComparison.Ordinal);
    }

    private static async Task<string> EchoAsync(LbTcpProcess lbtcp)
    {
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
        await client.SendAsync("ping");
        client.FinishSending();
        return await client.ReceiveTextToEndAsync();
    }

    private string CaFile() => _files.Write("ca.pem", _authority.ExportCertificatePem());

    private Func<TestConnection, Task> ServeTlsAsync(X509Certificate2 certificate) => connection => ServeTlsAsync(
        connection,
        new SslServerAuthenticationOptions
        {
            ServerCertificateSelectionCallback = (_, name) =>
            {
                _serverName = name;
                return certificate;
            },
        });

    // Echoes up to the peer's close_notify, and closes in order.
    private static async Task ServeTlsAsync(TestConnection connection, SslServerAuthenticationOptions options)
    {
        await using var tls = new SslStream(connection.Stream());
        try
        {
            await tls.AuthenticateAsServerAsync(options);
            await tls.CopyToAsync(tls);
            await tls.ShutdownAsync();
            connection.FinishSending();
            await connection.ReceiveToEndAsync();
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // The client did not like the certificate.
        }
    }
}
