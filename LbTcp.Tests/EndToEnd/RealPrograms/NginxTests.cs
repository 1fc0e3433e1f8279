using System.Text;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>nginx behind the program, curl and wrk in front of it.</summary>
public sealed class NginxTests : RealProgramScenario
{
    private const string FileName = "file.txt";
    private static readonly string _content = Convert.ToBase64String(Payload.Random(3 * 1024 * 1024));

    [SkippableFact]
    public async Task Curl_FetchesAFile_GetsItWhole()
    {
        RealProgram.Require("nginx", "curl");
        (LbTcpProcess lbtcp, _) = await StartAsync(2);

        for (int i = 0; i < 4; i++)
        {
            string fetched = await CurlAsync(lbtcp, FileName);
            Assert.Equal(Payload.Hash(Encoding.ASCII.GetBytes(_content)), Payload.Hash(Encoding.ASCII.GetBytes(fetched)));
        }

        Assert.All(await lbtcp.EndRecordsAsync(4), end => Assert.InRange(end.Number("received"), _content.Length, _content.Length + 1000));
        Assert.Empty(lbtcp.Records(EventIds.BackendDown)); // /health answers
    }

    [SkippableFact]
    public async Task Curl_OfManyServers_ReachesEachInTurn()
    {
        RealProgram.Require("nginx", "curl");
        (LbTcpProcess lbtcp, RealServer[] servers) = await StartAsync(3);

        var ports = new List<string>();
        for (int i = 0; i < 6; i++)
            ports.Add(await CurlAsync(lbtcp, "port"));

        string[] expected = [.. servers.Select(server => $"{server.EndPoint.Port}")];
        Assert.Equal([.. expected, .. expected], ports);
    }

    [SkippableFact]
    public async Task Wrk_OverTwoServers_RunsWithoutErrors()
    {
        RealProgram.Require("nginx", "wrk");
        (LbTcpProcess lbtcp, _) = await StartAsync(2);

        string report = await WrkAsync(lbtcp, seconds: 2);

        Assert.DoesNotContain("Socket errors", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        AssertEveryClientGotABackend(lbtcp);
    }

    [SkippableFact]
    public async Task Server_IsKilledAndRestartedUnderWrk_NoNewConnectionFails()
    {
        RealProgram.Require("nginx", "wrk");
        (LbTcpProcess lbtcp, RealServer[] servers) = await StartAsync(3);

        Task<string> load = WrkAsync(lbtcp, seconds: 4, "Connection: close");
        await KillAndRestartAsync(lbtcp, servers[1], load);
        string report = await load;

        Assert.Contains("requests in", report, StringComparison.Ordinal);
        Assert.DoesNotMatch("connect [1-9]", report);
        Assert.DoesNotMatch("timeout [1-9]", report);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        AssertEveryClientGotABackend(lbtcp);
    }

    private async Task<(LbTcpProcess LbTcp, RealServer[] Servers)> StartAsync(int count)
    {
        RealServer[] servers = await StartServersAsync(count, () => RealServer.Nginx(FileName, Encoding.ASCII.GetBytes(_content)));
        IEnumerable<string> backends = servers.Select(server => $"http://{server.EndPoint}");
        return (await StartAsync([], ["--check", "auto", "--check-interval", "200ms", "--backends", .. backends]), servers);
    }

    private static Task<string> CurlAsync(LbTcpProcess lbtcp, string path) =>
        RealProgram.RunAsync("curl", "--silent", "--show-error", "--fail", $"http://{lbtcp.EndPoint}/{path}");

    private static Task<string> WrkAsync(LbTcpProcess lbtcp, int seconds, string header = "X-From: wrk") =>
        RealProgram.RunAsync("wrk", "-t", "1", "-c", "20", "-d", $"{seconds}s", "-H", header, $"http://{lbtcp.EndPoint}/port");
}
