using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>No output of the program holds anything of a key, of the token or of what clients and backends send.</summary>
public sealed class SecretsTests : ServicesScenario
{
    private const string Token = "Tq8ZrW3xKv5mBn7yHc2dLf9pGs4jEu6a";
    private const string Payload = "payload-of-a-client-2f7c91e4d8b3a605";
    private const int ShortestPart = 10; // of a secret; shorter ones occur by chance

    private static readonly string[] _paths =
    [
        "", "metrics", "healthz", "readyz", "api/v1/process", "api/v1/services", "api/v1/services/default", "api/v1/backends",
        "api/v1/connections", "api/v1/history", "api/v1/explain?client=127.0.0.1", "api/v1/services/default/access?client=127.0.0.1",
        "api/v1/events?limit=1000", "api/v1/openapi.json",
    ];

    private readonly X509Certificate2 _certificate = TestCertificates.Create("localhost");

    public SecretsTests() => IsServingAtEnd = false; // not to clients without TLS

    [Fact]
    public async Task Outputs_OfEveryKind_HoldNoKeyNoTokenAndNoPayload()
    {
        string file = Files.Write("localhost.pem", _certificate.ToPem());
        string[] flags = ["--tls-cert", file, "--admin-token-file", Files.Write("token", Token)];
        AdminSocket admin = Own(new AdminSocket(Token));
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, [.. flags, .. admin.Flags, "--log-level", "debug"]);

        await SendWithoutTlsAsync(lbtcp);
        StringBuilder outputs = new();
        await using (SslStream client = await HandshakeAsync(lbtcp))
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(Payload));
            _ = await client.ReadAtLeastAsync(new byte[Payload.Length], Payload.Length);
            await ReloadBrokenKeysAsync(lbtcp, file);
            foreach (string path in _paths)
                outputs.AppendLine(await admin.GetAsync(path));
        }

        foreach (string key in BrokenKeys())
            outputs.AppendLine(await CheckAsync(backend, flags, Files.Write("localhost.pem", key)));
        outputs.AppendLine(await CheckAsync(backend, flags, Files.Write("localhost.pem", _certificate.ToPem())));
        _ = await lbtcp.EndRecordsAsync(2);
        lbtcp.Signal(Posix.SigTerm);
        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        outputs.AppendLine(await lbtcp.ErrorAsync());
        foreach (string line in lbtcp.Lines)
            outputs.AppendLine(line);

        string text = $"{outputs}";
        Assert.Contains("localhost.pem", text, StringComparison.Ordinal); // it is what was meant to be searched
        Assert.All(Secrets(), secret => Assert.All(
            Enumerable.Range(0, secret.Length - ShortestPart + 1),
            start => Assert.DoesNotContain(secret.Substring(start, ShortestPart), text, StringComparison.OrdinalIgnoreCase)));
    }

    private IEnumerable<string> Secrets()
    {
        using ECDsa key = _certificate.GetECDsaPrivateKey()!;
        byte[] number = key.ExportParameters(includePrivateParameters: true).D!;
        string[] pem = key.ExportPkcs8PrivateKeyPem().Split('\n')[1..^1];
        return
        [
            string.Concat(pem)[48..], // what comes before is the same for every key of this kind
            Convert.ToHexString(number),
            Token,
            Payload,
            Convert.ToHexString(Encoding.ASCII.GetBytes(Payload)),
            Convert.ToBase64String(Encoding.ASCII.GetBytes(Payload)),
        ];
    }

    // A certificate with the key of another one, and with a key that was damaged.
    private IEnumerable<string> BrokenKeys()
    {
        string key = _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        yield return $"{TestCertificates.Create("other").ExportCertificatePem()}\n{key}\n";
        yield return $"{_certificate.ExportCertificatePem()}\n{key.Remove(60, 8)}\n";
    }

    private async Task ReloadBrokenKeysAsync(LbTcpProcess lbtcp, string file)
    {
        int refused = 0;
        foreach (string key in BrokenKeys())
        {
            File.WriteAllText(file, key);
            lbtcp.Signal(Posix.SigHup);
            _ = await lbtcp.RecordsAsync(EventIds.ReloadRefused, ++refused);
        }
    }

    private static async Task<string> CheckAsync(TestBackend backend, string[] flags, string file)
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync(
            ["check", "--backends", $"{backend.EndPoint}", "--admin", $"unix:{file}.sock", .. flags]);
        return $"{run.Output}\n{run.Error}";
    }

    // The message of the failed handshake must not quote it.
    private async Task SendWithoutTlsAsync(LbTcpProcess lbtcp)
    {
        TestConnection client = await ConnectAsync(lbtcp);
        await client.SendAsync(Payload);
        _ = await client.ReceiveToResetAsync();
    }

    private static async Task<SslStream> HandshakeAsync(LbTcpProcess lbtcp)
    {
        Socket socket = RawSockets.SocketFor(lbtcp.EndPoint);
        await socket.ConnectAsync(lbtcp.EndPoint);
        var client = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, certificate, _, _) => certificate is not null);
        await client.AuthenticateAsClientAsync("localhost").Done();
        return client;
    }
}
