using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The program terminates TLS.</summary>
public sealed class TlsTests : ServicesScenario
{
    private readonly X509Certificate2 _certificate = TestCertificates.Create("localhost");
    private readonly string _file;

    public TlsTests()
    {
        IsServingAtEnd = false; // not to clients without TLS
        _file = Files.Write("localhost.pem", _certificate.ToPem());
    }

    [Fact]
    public async Task Client_SpeaksTls_IsRelayedAndRecorded()
    {
        LbTcpProcess lbtcp = await StartAsync(Backend(Behaviours.EchoAsync), "--tls-cert", _file, "--tls-alpn", "h2");
        await using SslStream client = await HandshakeAsync(lbtcp, protocol: SslApplicationProtocol.Http2);

        await AssertIsEchoedAsync(client);
        await client.ShutdownAsync();
        Assert.Equal(0, await client.ReadAsync(new byte[1]));

        Assert.Equal(SslApplicationProtocol.Http2, client.NegotiatedApplicationProtocol);
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "localhost", "TLSv1.3"), (end["reason"], end["server_name"], end["tls"]));
        Assert.Equal(("4", "4"), (end["sent"], end["received"])); // payload, as decrypted
    }

    [SkippableTheory]
    [UnsupportedOSPlatform("windows")]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, false)]
    public async Task Client_KnowsOneKindOfCertificate_GetsThat(TlsCipherSuite suite, bool isEc)
    {
        Skip.If(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "the suites of a client cannot be set");
        X509Certificate2 rsa = TestCertificates.CreateRsa("localhost");
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--tls-cert", Files.Write("rsa.pem", rsa.ToPem()), _file);
        using Socket socket = RawSockets.SocketFor(lbtcp.EndPoint);
        await socket.ConnectAsync(lbtcp.EndPoint);
        await using var client = new SslStream(new NetworkStream(socket));

        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = new CipherSuitesPolicy([suite]),
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }).Done();

        Assert.Equal((isEc ? _certificate : rsa).Thumbprint, ThumbprintOf(client));
        await AssertIsEchoedAsync(client);
    }

    [Fact]
    public async Task Client_EndsWithoutCloseNotify_ResetsTheBackend()
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--tls-cert", _file);
        await using SslStream client = await HandshakeAsync(lbtcp, out Socket socket);
        await client.WriteAsync(new byte[1000]);
        TestConnection its = await backend.AcceptAsync();

        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(1000, await its.ReceiveToResetAsync());
        Assert.Equal("client_reset", (await lbtcp.EndRecordAsync())["reason"]);
    }

    [Fact]
    public async Task Client_SpeaksNoTls_IsReset()
    {
        LbTcpProcess lbtcp = await StartAsync(Backend(Behaviours.EchoAsync), "--tls-cert", _file);
        TestConnection client = await ConnectAsync(lbtcp);
        await client.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        _ = await client.ReceiveToResetAsync();
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("client_tls_failed", "client", null), (end["reason"], end["ended_by"], end["backend"]));
    }

    [Fact]
    public async Task Client_SaysNothing_EndsAfterTheTimeoutWithoutABackend()
    {
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--tls-cert", _file, "--tls-handshake-timeout", "2s");
        TestConnection silent = await ConnectAsync(lbtcp);

        _ = await silent.ReceiveToResetAsync();

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("preface_timeout", "lbtcp"), (end["reason"], end["ended_by"]));
    }

    [Theory]
    [InlineData("optional", false, true)]
    [InlineData("optional", true, true)]
    [InlineData("required", false, false)]
    [InlineData("required", true, true)]
    public async Task Clients_MustOrMayHaveCertificates_AreServedAccordingly(string verify, bool hasCertificate, bool isServed)
    {
        X509Certificate2 authority = TestCertificates.CreateAuthority("clients");
        X509Certificate2 intermediate = TestCertificates.CreateAuthority("clients 2", authority);
        string ca = Files.Write("ca.pem", authority.ExportCertificatePem());
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--tls-cert", _file, "--tls-verify-client", verify, "--tls-client-ca", ca);

        for (int i = 0; i < 2; i++) // the second time a client would resume its session
        {
            if (isServed)
            {
                X509Certificate2? certificate = hasCertificate ? TestCertificates.Issue(intermediate, "me") : null;
                await using SslStream client = await HandshakeAsync(lbtcp, certificate, intermediate);
                await AssertIsEchoedAsync(client);
            }
            else
            {
                await AssertIsRefusedAsync(lbtcp, certificate: null);
            }
        }

        await AssertIsRefusedAsync(lbtcp, TestCertificates.Create("stranger"));
    }

    [Fact]
    public async Task Certificate_IsRenewed_CountsForNewHandshakesAndABrokenOneForNone()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", backend, more: """, "tls_cert": "localhost.pem" """));
        await using SslStream before = await HandshakeAsync(lbtcp);
        X509Certificate2 renewed = TestCertificates.Create("localhost");

        _ = Files.Write("localhost.pem", renewed.ToPem());
        lbtcp.Signal(Posix.SigHup);
        JsonLogRecord change = await lbtcp.RecordAsync(EventIds.ReloadSettingChanged);
        await using SslStream after = await HandshakeAsync(lbtcp);
        _ = Files.Write("localhost.pem", "broken");
        lbtcp.Signal(Posix.SigHup);
        _ = await lbtcp.RecordAsync(EventIds.ReloadRefused);
        await using SslStream still = await HandshakeAsync(lbtcp);

        Assert.Matches(@"^1 certificate \([0-9a-f]{8}\)$", change["tls_cert"]);
        Assert.Equal(_certificate.Thumbprint, ThumbprintOf(before));
        Assert.Equal(renewed.Thumbprint, ThumbprintOf(after));
        Assert.Equal(renewed.Thumbprint, ThumbprintOf(still));
        await AssertIsEchoedAsync(before);
    }

    private static string ThumbprintOf(SslStream stream) => ((X509Certificate2)stream.RemoteCertificate!).Thumbprint;

    private static async Task AssertIsEchoedAsync(SslStream client)
    {
        await client.WriteAsync(new byte[4]);
        Assert.Equal(4, await client.ReadAtLeastAsync(new byte[4], 4));
    }

    // With TLS 1.3 the client learns of it when it reads.
    private static async Task AssertIsRefusedAsync(LbTcpProcess lbtcp, X509Certificate2? certificate)
    {
        Exception? refusal = await Record.ExceptionAsync(async () =>
        {
            await using SslStream client = await HandshakeAsync(lbtcp, certificate);
            await AssertIsEchoedAsync(client);
        });
        Assert.True(refusal is IOException or AuthenticationException, $"{refusal}");
    }

    private static Task<SslStream> HandshakeAsync(
        LbTcpProcess lbtcp,
        X509Certificate2? certificate = null,
        X509Certificate2? issuer = null,
        SslApplicationProtocol? protocol = null) =>
        HandshakeAsync(lbtcp, out _, certificate, issuer, protocol);

    private static Task<SslStream> HandshakeAsync(
        LbTcpProcess lbtcp,
        out Socket socket,
        X509Certificate2? certificate = null,
        X509Certificate2? issuer = null,
        SslApplicationProtocol? protocol = null)
    {
        Socket its = socket = RawSockets.SocketFor(lbtcp.EndPoint);
        return AuthenticateAsync();

        async Task<SslStream> AuthenticateAsync()
        {
            await its.ConnectAsync(lbtcp.EndPoint);
            var client = new SslStream(new NetworkStream(its, ownsSocket: true));
            await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = protocol is { } wanted ? [wanted] : null,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(
                    certificate, issuer is null ? null : [issuer], offline: true),
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            }).Done();
            return client;
        }
    }
}
