using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Checks of an nginx with TLS.</summary>
public sealed class TlsCheckTests : ProtocolCheckScenario
{
    public TlsCheckTests() => RealProgram.Require("nginx");

    [SkippableTheory]
    [InlineData("ssl_protocols TLSv1.3;")]
    [InlineData("ssl_protocols TLSv1.2;")]
    [InlineData("ssl_protocols TLSv1.2; ssl_verify_client on; ssl_client_certificate certificate.pem;")]
    public async Task Check_ServerSpeaksTls_IsHealthyAndTheServerLogsNothing(string directives)
    {
        RealServer server = await StartServerAsync(CheckedServers.NginxTls(directives));
        LbTcpProcess lbtcp = await StartAsync("tls", server);

        await LoggedAsync(server, "peer closed connection in SSL handshake", ManyChecks, "info.log");

        Assert.Empty(LinesOf(server));
        Assert.DoesNotContain(LinesOf(server, "info.log"), line => line.Contains("reset by peer", StringComparison.Ordinal));
        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [SkippableFact]
    public async Task Check_ServerHangs_IsUnhealthyUntilItContinues()
    {
        RealServer server = await StartServerAsync(CheckedServers.NginxTls());
        LbTcpProcess lbtcp = await StartAsync("tls", server, timeout: "1s");

        await AssertNoticesHangAsync(lbtcp, server, "tls: timed out after ", "tls: ServerHello received");
    }

    [SkippableFact]
    public async Task Check_NoClientCanConnect_IsUnhealthyWithTheAlert()
    {
        RealServer server = await StartServerAsync(CheckedServers.NginxTls("ssl_protocols TLSv1.2; ssl_ciphers PSK;"));
        LbTcpProcess lbtcp = await StartAsync("tls", server);

        Assert.Equal("tls: alert handshake_failure", (await lbtcp.RecordAsync(EventIds.BackendDown))["reason"]);
    }

    [SkippableFact]
    public async Task Check_ServerHasOtherNamesOnly_IsHealthy()
    {
        RealServer server = await StartServerAsync(CheckedServers.NginxTls("ssl_reject_handshake on;"));
        LbTcpProcess lbtcp = await StartAsync("tls", server);

        await LoggedAsync(server, "handshake rejected", ManyChecks, "info.log");

        Assert.Empty(LinesOf(server));
        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }
}
