using System.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>What OpenSSL says about the TLS that the program terminates.</summary>
public sealed class TlsTerminationTests : RealProgramScenario
{
    private readonly TemporaryDirectory _files;

    public TlsTerminationTests()
    {
        RealProgram.Require("openssl");
        _files = Own(new TemporaryDirectory());
    }

    [SkippableFact]
    public async Task Offer_Protocols_AreThoseWithoutKnownFlaws()
    {
        LbTcpProcess lbtcp = await StartAsync();

        foreach (string refused in new[] { "-tls1", "-tls1_1" })
        {
            ProgramRun run = await ClientAsync(lbtcp, refused, "-cipher", "ALL:@SECLEVEL=0");
            Assert.Contains("alert protocol version", run.Error, StringComparison.Ordinal);
        }

        foreach (string accepted in new[] { "-tls1_2", "-tls1_3" })
        {
            ProgramRun run = await ClientAsync(lbtcp, accepted);
            Assert.Contains("Secure Renegotiation IS", run.Output, StringComparison.Ordinal);
            Assert.Contains("Compression: NONE", run.Output, StringComparison.Ordinal);
        }
    }

    // Each of them has forward secrecy.
    [SkippableFact]
    public async Task Offer_CiphersOfTls12_AreEphemeralWithAes()
    {
        LbTcpProcess lbtcp = await StartAsync();
        var offered = new List<string>();
        string left = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
        while (await CipherOfAsync(lbtcp, left) is { } cipher)
        {
            offered.Add(cipher);
            left = $"{left}:!{cipher}";
        }

        Assert.NotEmpty(offered);
        Assert.All(offered, cipher => Assert.Matches("^ECDHE-ECDSA-AES(128|256)-(GCM-)?SHA(256|384)$", cipher));
    }

    [SkippableTheory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_OfEarlierConnection_IsResumed(string version)
    {
        LbTcpProcess lbtcp = await StartAsync();
        string session = _files["session"];
        string script = $"printf x | openssl s_client -connect {lbtcp.EndPoint} {version} -servername localhost -ign_eof";

        ProgramRun first = await ShellAsync($"{script} -sess_out {session}");
        ProgramRun second = await ShellAsync($"{script} -sess_in {session}");

        Assert.Contains("New, ", first.Output, StringComparison.Ordinal);
        Assert.Contains("Reused, ", second.Output, StringComparison.Ordinal);
    }

    // The responder is this test: it has the answer that OpenSSL made beforehand.
    [SkippableFact]
    public async Task Certificate_NamesAResponder_ItsAnswerIsStapled()
    {
        byte[] answer = [];
        TestBackend responder = Backend(async connection =>
        {
            _ = await connection.ReceiveAsync("GET / HTTP/1.1".Length);
            await connection.SendAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: {answer.Length}\r\n"
                + "Connection: close\r\n\r\n");
            await connection.SendAsync(answer);
            connection.FinishSending();
            await connection.ReceiveToEndAsync();
        });
        _ = _files.Write("ext", $"subjectAltName=DNS:localhost\nauthorityInfoAccess=OCSP;URI:http://{responder.EndPoint}/\n");
        _ = _files.Write("index", "V\t491231235959Z\t\t1001\tunknown\t/CN=localhost\n");
        ProgramRun made = await ShellAsync($"""
            set -e; cd {_files.Path}
            key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            openssl req -x509 $key -keyout ca.key -out ca.crt -days 2 -subj /CN=Test-CA
            openssl req $key -keyout site.key -out site.csr -subj /CN=localhost
            openssl x509 -req -in site.csr -CA ca.crt -CAkey ca.key -set_serial 4097 -days 2 -extfile ext -out site.crt
            openssl ocsp -issuer ca.crt -cert site.crt -no_nonce -reqout request
            openssl ocsp -index index -CA ca.crt -rsigner ca.crt -rkey ca.key -ndays 1 -reqin request -respout answer
            cat site.crt ca.crt site.key > site.pem; chmod 600 site.pem
            """);
        Assert.True(made.ExitCode == 0, made.Error);
        answer = await File.ReadAllBytesAsync(_files["answer"]);
        LbTcpProcess lbtcp = await StartAsync(Backend(ByeAsync), "--tls-cert", _files["site.pem"]);

        await Until.TrueAsync(
            async () => (await ClientAsync(lbtcp, "-status")).Output.Contains("OCSP Response Status: successful", StringComparison.Ordinal),
            () => "a stapled answer");
    }

    private static Task<ProgramRun> ClientAsync(LbTcpProcess lbtcp, params string[] arguments) => ProgramRun.OfAsync(
        new ProcessStartInfo("openssl", ["s_client", "-connect", $"{lbtcp.EndPoint}", "-servername", "localhost", .. arguments]));

    private static Task<ProgramRun> ShellAsync(string script) => ProgramRun.OfAsync(new ProcessStartInfo("sh", ["-c", script]));

    private static async Task ByeAsync(TestConnection connection)
    {
        await connection.SendAsync("bye");
        connection.FinishSending();
    }

    // Null if the server accepts none of them.
    private static async Task<string?> CipherOfAsync(LbTcpProcess lbtcp, string ciphers)
    {
        ProgramRun run = await ClientAsync(lbtcp, "-tls1_2", "-cipher", ciphers);
        string line = run.Output.Split('\n').Single(line => line.Contains(", Cipher is ", StringComparison.Ordinal));
        string cipher = line[(line.LastIndexOf(' ') + 1)..];
        return cipher == "(NONE)" ? null : cipher;
    }

    private Task<LbTcpProcess> StartAsync() => StartAsync(
        Backend(ByeAsync), "--tls-cert", _files.Write("pem", TestCertificates.Create("localhost").ToPem()));
}
