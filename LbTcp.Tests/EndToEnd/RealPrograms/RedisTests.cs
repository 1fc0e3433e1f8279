using System.Net;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>redis-server behind the program, redis-cli and redis-benchmark in front of it.</summary>
public sealed class RedisTests : RealProgramScenario
{
    [SkippableFact]
    public async Task RedisCli_SetsAndGets_GetsWhatItSet()
    {
        RealProgram.Require("redis-server", "redis-cli");
        RealServer[] servers = await StartServersAsync(1, RealServer.Redis);
        LbTcpProcess lbtcp = await StartAsync(Of(servers));
        string value = Convert.ToBase64String(Payload.Random(50_000));

        Assert.Equal("OK", await CliAsync(lbtcp.EndPoint, "SET", "key", value));

        Assert.Equal(value, await CliAsync(lbtcp.EndPoint, "GET", "key"));
    }

    [SkippableFact]
    public async Task RedisBenchmark_OverThreeServers_RunsWithoutErrorsAndUsesAll()
    {
        RealProgram.Require("redis-server", "redis-cli", "redis-benchmark");
        RealServer[] servers = await StartServersAsync(3, RealServer.Redis);
        LbTcpProcess lbtcp = await StartAsync(Of(servers), "--check", "tcp");

        await BenchmarkAsync(lbtcp, "-t", "set,get", "-n", "20000", "-c", "30");

        foreach (RealServer server in servers)
            Assert.InRange(await StatisticAsync(server, "total_commands_processed"), 5000, long.MaxValue);
    }

    [SkippableFact]
    public async Task RedisBenchmark_OneServerIsDeadAndNotYetFoundOut_RunsWithoutErrors()
    {
        RealProgram.Require("redis-server", "redis-benchmark");
        RealServer[] servers = await StartServersAsync(3, RealServer.Redis);
        LbTcpProcess lbtcp = await StartAsync(Of(servers));

        servers[1].Kill();
        await BenchmarkAsync(lbtcp, "-t", "get", "-n", "3000", "-c", "20", "-k", "0"); // a connection for every request

        AssertEveryClientGotABackend(lbtcp);
        string refused = $"[\"{servers[1].EndPoint}:connection refused\"]";
        Assert.Contains(lbtcp.Records(EventIds.ConnectionClosed), end => end["attempts"] == refused);
    }

    [SkippableFact]
    public async Task Server_IsKilledAndRestartedUnderLoad_NoNewConnectionFails()
    {
        RealProgram.Require("redis-server", "redis-cli");
        RealServer[] servers = await StartServersAsync(3, RealServer.Redis);
        LbTcpProcess lbtcp = await StartAsync(Of(servers), "--check", "tcp", "--check-interval", "200ms");

        string killed = $"{servers[0].EndPoint}";
        using var enough = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => PingUntilAsync(lbtcp, enough.Token)))];
        Task load = Task.WhenAll(clients);
        await KillAndRestartAsync(lbtcp, servers[0], load);
        int served = lbtcp.Records(EventIds.ConnectionClosed).Count;
        await Until.TrueAsync(
            () => lbtcp.Records(EventIds.ConnectionClosed).Skip(served).Any(end => end["backend"] == killed),
            "clients of the restarted server");
        await enough.CancelAsync();
        int broken = (await Task.WhenAll(clients)).Sum();

        AssertEveryClientGotABackend(lbtcp);
        int lost = lbtcp.Records(EventIds.ConnectionClosed).Count(end => end["backend"] == killed && end.Number("received") == 0);
        Assert.InRange(broken, 0, lost); // only clients whose server was killed lost their connection
    }

    // Its own timeout alone, so that the others are not blamed if this machine is busy.
    [SkippableFact]
    public async Task Server_HangsUnderLoad_IsEjectedForSilenceAndReturns()
    {
        RealProgram.Require("redis-server");
        RealServer[] servers = await StartServersAsync(3, RealServer.Redis);
        string hung = $"{servers[0].EndPoint}";
        LbTcpProcess lbtcp = await StartAsync(
            Of(servers[1..]), "--check", "tcp", "--check-interval", "200ms", "--ejection-time", "1s", "--backends",
            $"{hung},first_byte_timeout=300ms");
        servers[0].Pause();

        using var enough = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => PingUntilAsync(lbtcp, enough.Token)))];
        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        servers[0].Resume();
        await Until.TrueAsync(() => EndsOf(lbtcp, hung).Any(end => end["reason"] == "completed"), "clients of the server that goes on");
        await enough.CancelAsync();
        int broken = (await Task.WhenAll(clients)).Sum();

        Assert.Equal(
            (hung, "no answer in 300ms to what a client sent, ejected until it answers a check, at most for 300s"),
            (down["backend"], down["reason"]));
        await Until.TrueAsync(
            () => EndsOf(lbtcp, hung).Count(end => end["reason"] == "first_byte_timeout") == broken, $"the records of {broken} clients");
        Assert.All(
            lbtcp.Records(EventIds.ConnectionClosed).Where(end => end["reason"] == "first_byte_timeout"),
            end => Assert.Equal((hung, "lbtcp"), (end["backend"], end["ended_by"])));
    }

    [SkippableFact]
    public async Task Server_HangsBehindTcpChecks_StaysOutUntilItsProgramAnswersACheck()
    {
        RealProgram.Require("redis-server");
        RealServer[] servers = await StartServersAsync(2, RealServer.Redis);
        string hung = $"{servers[0].EndPoint}";
        AdminSocket admin = Own(new AdminSocket());
        LbTcpProcess lbtcp = await StartAsync(
            [servers[1].EndPoint],
            [
                "--check", "tcp", "--check-interval", "100ms", "--check-timeout", "200ms", "--ejection-time", "100ms",
                "--max-ejection-time", "1h", "--passive-fall", "1", "--backends", $"{hung},first_byte_timeout=300ms", .. admin.Flags,
            ]);
        servers[0].Pause();

        for (int broken = 0; broken == 0;)
            broken = await PingAsync(lbtcp) ? 0 : 1;
        await lbtcp.RecordAsync(EventIds.BackendDown);
        await admin.ChecksAsync(hung, "no answer to FIN", count: 3); // each of them takes longer than the ejection
        Assert.True(await PingAsync(lbtcp));
        Assert.Empty(lbtcp.Records(EventIds.BackendUp));
        servers[0].Resume();

        Assert.Equal((hung, "the program answered FIN"), ((await lbtcp.RecordAsync(EventIds.BackendUp))["backend"],
            lbtcp.Records(EventIds.BackendUp)[0]["reason"]));
    }

    private static IEnumerable<JsonLogRecord> EndsOf(LbTcpProcess lbtcp, string backend) =>
        lbtcp.Records(EventIds.ConnectionClosed).Where(end => end["backend"] == backend);

    private static IEnumerable<IPEndPoint> Of(RealServer[] servers) => servers.Select(server => server.EndPoint);

    private static async Task<string> CliAsync(IPEndPoint endPoint, params string[] command) =>
        (await RealProgram.RunAsync("redis-cli", ["-h", $"{endPoint.Address}", "-p", $"{endPoint.Port}", .. command])).TrimEnd('\n');

    private static async Task<long> StatisticAsync(RealServer server, string name)
    {
        string statistics = await CliAsync(server.EndPoint, "INFO", "stats");
        string line = statistics.Split('\n').First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line[(name.Length + 1)..].Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }

    // Ends with an error as soon as one request of one client fails.
    private static async Task BenchmarkAsync(LbTcpProcess lbtcp, params string[] arguments)
    {
        string output = await RealProgram.RunAsync(
            "redis-benchmark", ["-h", $"{lbtcp.EndPoint.Address}", "-p", $"{lbtcp.EndPoint.Port}", "-q", .. arguments]);
        Assert.DoesNotContain("rror", output, StringComparison.Ordinal);
    }

    // A connection for one request. Returns whether it was answered.
    private static async Task<bool> PingAsync(LbTcpProcess lbtcp)
    {
        try
        {
            using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
            await client.SendAsync("PING\r\n");
            Assert.Equal("+PONG\r\n", await client.ReceiveTextAsync(7));
            return true;
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or EndOfStreamException)
        {
            return false;
        }
    }

    // A connection for every request. Returns how many got no answer.
    private static async Task<int> PingUntilAsync(LbTcpProcess lbtcp, CancellationToken enough)
    {
        int broken = 0;
        while (!enough.IsCancellationRequested)
            broken += await PingAsync(lbtcp) ? 0 : 1;
        return broken;
    }
}
