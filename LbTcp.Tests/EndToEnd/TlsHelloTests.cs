using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The program terminates TLS: what the first message of a client decides, and what it cannot hold up.</summary>
public sealed class TlsHelloTests : ServicesScenario
{
    private readonly X509Certificate2 _first = TestCertificates.Create("first.example");
    private readonly X509Certificate2 _other = TestCertificates.CreateRsa("other.example", "xn--bcher-kva.example");

    public TlsHelloTests() => IsServingAtEnd = false; // not to clients without TLS

    // The framework finds the name in the first record alone, and as the text that it stands for.
    [Theory]
    [InlineData("other.example", null)]
    [InlineData("other.example", 3)]
    [InlineData("xn--bcher-kva.example", null)]
    [InlineData("xn--bcher-kva.example", 60)]
    public async Task ServerName_InAnyRecord_SelectsTheCertificate(string name, int? firstRecord)
    {
        LbTcpProcess lbtcp = await StartTlsAsync();
        await using SslStream client = await HandshakeAsync(lbtcp, name, firstRecord);

        Assert.Equal(_other.Thumbprint, ((X509Certificate2)client.RemoteCertificate!).Thumbprint);
        client.Close();
        Assert.Equal(name, (await lbtcp.EndRecordAsync())["server_name"]);
    }

    [Theory]
    [InlineData(
        "first.example",
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256)]
    [InlineData(
        "other.example",
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384)]
    public async Task Suite_InCbcMode_IsRefused(string name, TlsCipherSuite gcm, TlsCipherSuite cbc)
    {
        LbTcpProcess lbtcp = await StartTlsAsync();

        await using SslStream client = await HandshakeAsync(lbtcp, name, suites: [cbc, gcm]);
        Assert.Equal(gcm, client.NegotiatedCipherSuite);
        client.Close();
        _ = await lbtcp.EndRecordAsync();

        _ = await Assert.ThrowsAsync<AuthenticationException>(() => HandshakeAsync(lbtcp, name, suites: [cbc]));
        Assert.Equal("client_tls_failed", (await lbtcp.EndRecordsAsync(2))[1]["reason"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public async Task Client_StopsInTheHandshake_DoesNotHoldUpAnother(int sent)
    {
        LbTcpProcess lbtcp = await StartTlsAsync("--tls-max-handshakes", "1", "--tls-handshake-timeout", "10m");
        TestConnection silent = await ConnectAsync(lbtcp);
        byte[] hello = CapturedClientHellos.OpenSsl;
        await silent.SendAsync(hello.AsMemory(0, Math.Min(sent, hello.Length)));
        if (sent > hello.Length)
            _ = await silent.ReceiveAsync(1); // it was answered

        await using SslStream client = await HandshakeAsync(lbtcp, "first.example");

        await client.WriteAsync(new byte[4]);
        Assert.Equal(4, await client.ReadAtLeastAsync(new byte[4], 4));
    }

    private Task<LbTcpProcess> StartTlsAsync(params string[] more) => StartAsync(
        Backend(Behaviours.EchoAsync),
        ["--tls-cert", Files.Write("first.pem", _first.ToPem()), Files.Write("other.pem", _other.ToPem()), .. more]);

    private static async Task<SslStream> HandshakeAsync(
        LbTcpProcess lbtcp, string name, int? firstRecord = null, TlsCipherSuite[]? suites = null)
    {
        Socket socket = RawSockets.SocketFor(lbtcp.EndPoint);
        await socket.ConnectAsync(lbtcp.EndPoint);
        var client = new SslStream(new SplittingStream(socket, firstRecord));
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = suites is null ? SslProtocols.None : SslProtocols.Tls12,
            CipherSuitesPolicy = suites is null || OperatingSystem.IsWindows() || OperatingSystem.IsAndroid()
                ? null
                : new CipherSuitesPolicy(suites),
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }).Done();
        return client;
    }

    /// <summary>Spreads the first record that is written over two.</summary>
    private sealed class SplittingStream(Socket socket, int? firstRecord) : NetworkStream(socket, ownsSocket: true)
    {
        private const int Header = 5;

        private int? _firstRecord = firstRecord;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_firstRecord is not { } length)
                return base.WriteAsync(buffer, cancellationToken);
            _firstRecord = null;
            return base.WriteAsync(ClientHelloBytes.Records(buffer[Header..].ToArray(), length), cancellationToken);
        }
    }
}
