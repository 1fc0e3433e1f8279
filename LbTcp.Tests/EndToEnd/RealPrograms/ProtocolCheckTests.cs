using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Checks that speak the protocol of the real servers, which must notice nothing but orderly clients.</summary>
public sealed class ProtocolCheckTests : RealProgramScenario
{
    private static readonly string[] _password = ["--no-auth-warning", "-a", "secret"];

    [SkippableFact]
    public async Task RedisCheck_ServerHangs_IsDownUntilItAnswersAndNothingIsCountedAsAnError()
    {
        RealProgram.Require("redis-server", "redis-cli");
        RealServer server = (await StartServersAsync(1, RealServer.Redis))[0];
        LbTcpProcess lbtcp = await StartCheckedAsync(server, "--check", "redis");

        await AssertDownWhilePausedAsync(lbtcp, server, "redis: timed out after 250ms", "redis: PONG");

        string statistics = await CliAsync(server, "INFO", "everything");
        Assert.Contains("\ncmdstat_ping:", statistics, StringComparison.Ordinal);
        Assert.Contains("\ncmdstat_quit:", statistics, StringComparison.Ordinal);
        Assert.Contains("\ntotal_error_replies:0\r", statistics, StringComparison.Ordinal);
        string[] log = (await server.KillAndReadLogAsync()).TrimEnd().Split('\n');
        Assert.Contains("Ready to accept connections", log[^1], StringComparison.Ordinal); // the last line: nothing was logged since
    }

    [SkippableFact]
    public async Task RedisCheck_ServerWantsAPassword_IsHealthyAndSaysSo()
    {
        RealProgram.Require("redis-server", "redis-cli");
        RealServer server = (await StartServersAsync(1, () => RealServer.RedisWith("--requirepass", "secret")))[0];
        LbTcpProcess lbtcp = await StartCheckedAsync(server, "--check", "redis");

        await AssertDownWhilePausedAsync(
            lbtcp, server, "redis: timed out after 250ms", "redis: -NOAUTH Authentication required. (the server works)");

        Assert.Equal("PONG", await CliAsync(server, [.. _password, "PING"]));
    }

    [SkippableFact]
    public async Task RedisCheck_ServerIsLoading_IsDownUntilItHasLoaded()
    {
        RealProgram.Require("redis-server", "redis-cli");
        RealServer server = (await StartServersAsync(1, () => RealServer.RedisWith(
            "--rdbcompression", "no", "--loading-process-events-interval-bytes", "2048", "--key-load-delay", "50000")))[0];
        _ = await CliAsync(server, "EVAL", "for i = 1, 1000 do redis.call('set', i, string.rep('x', 1000)) end", "0");
        _ = await CliAsync(server, "SAVE");
        server.Kill();
        await server.StartAsync(); // loads for 50 seconds

        LbTcpProcess lbtcp = await StartAsync(
            [server.EndPoint], "--check", "redis", "--check-interval", "200ms", "--fall", "2", "--rise", "1");
        Assert.Equal("redis: -LOADING Redis is loading the dataset in memory", (await lbtcp.RecordAsync(EventIds.BackendDown))["reason"]);
        _ = await CliAsync(server, "CONFIG", "SET", "key-load-delay", "0");

        Assert.Equal("redis: PONG", (await lbtcp.RecordAsync(EventIds.BackendUp))["reason"]);
    }

    [SkippableFact]
    public async Task MemcachedCheck_ServerHangs_IsDownUntilItAnswersAndLogsNothing()
    {
        RealProgram.Require("memcached");
        RealServer server = (await StartServersAsync(1, () => RealServer.Memcached()))[0];
        LbTcpProcess lbtcp = await StartCheckedAsync(server, "--check", "memcached");

        await AssertDownWhilePausedAsync(lbtcp, server, "memcached: timed out after 250ms", "memcached: VERSION ");

        Assert.Empty(await server.KillAndReadLogAsync());
    }

    [SkippableFact]
    public async Task MemcachedCheck_ServerIsFull_IsDownUntilAClientLeaves()
    {
        RealProgram.Require("memcached");
        RealServer server = (await StartServersAsync(1, () => RealServer.Memcached("-c", "30")))[0];
        List<TestConnection> clients = [];
        for (int i = 0; i < 40; i++)
            clients.Add(Own(await TestConnection.ConnectAsync(server.EndPoint)));

        LbTcpProcess lbtcp = await StartAsync([server.EndPoint], "--check", "memcached", "--check-interval", "200ms", "--fall", "2");
        Assert.Equal("memcached: ERROR Too many open connections", (await lbtcp.RecordAsync(EventIds.BackendDown))["reason"]);
        clients.ForEach(client => client.Dispose());

        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    [SkippableFact]
    public async Task SmtpCheck_ServerHangs_IsDownUntilItGreetsAndNoSessionIsBrokenOff()
    {
        RealProgram.Require("aiosmtpd");
        RealServer server = (await StartServersAsync(1, RealServer.Smtp))[0];
        LbTcpProcess lbtcp = await StartCheckedAsync(server, "--check", "smtp");

        await AssertDownWhilePausedAsync(lbtcp, server, "smtp: timed out after 250ms", "smtp: 220 ");

        string log = await server.KillAndReadLogAsync();
        Assert.Contains(">> b'QUIT'", log, StringComparison.Ordinal);
        Assert.DoesNotContain("ERROR", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", log, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task BytesCheck_WebServerHangs_IsDownUntilItAnswersAndLogsNothing()
    {
        RealProgram.Require("nginx");
        RealServer server = (await StartServersAsync(1, () => RealServer.Nginx("file.txt", [])))[0];
        LbTcpProcess lbtcp = await StartCheckedAsync(
            server, "--check", "tcp", "--check-send", @"GET /health HTTP/1.0\r\n\r\n", "--check-expect", @"HTTP/1.1 200 OK\r\n");

        await AssertDownWhilePausedAsync(
            lbtcp, server, "check_expect: timed out after 250ms", @"check_expect: as expected; received 'HTTP/1.1 200 OK\r\nServer: nginx");

        Assert.Empty(server.ReadFile("error.log"));
    }

    [SkippableFact]
    public async Task BytesCheck_AnswerIsAnother_IsDownAndTellsIt()
    {
        RealProgram.Require("redis-server", "redis-cli");
        RealServer server = (await StartServersAsync(1, RealServer.Redis))[0];
        _ = await CliAsync(server, "SET", "mode", "maintenance");
        LbTcpProcess lbtcp = await StartAsync(
            [server.EndPoint],
            "--check", "auto", "--check-send", @"GET mode\r\n", "--check-expect", "ready",
            "--check-interval", "200ms", "--check-timeout", "1s", "--fall", "1");

        Assert.Equal(
            @"check_expect: timed out after 1s; received '$11\r\nmaintenance\r\n'",
            (await lbtcp.RecordAsync(EventIds.BackendDown))["reason"]);
        _ = await CliAsync(server, "SET", "mode", "ready");

        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    // With a timeout of 250 ms no check has a shorter limit, whatever was answered before.
    private Task<LbTcpProcess> StartCheckedAsync(RealServer server, params string[] flags) => StartAsync(
        [server.EndPoint], ["--check-interval", "100ms", "--check-timeout", "250ms", "--fall", "2", "--rise", "2", .. flags]);

    private static async Task AssertDownWhilePausedAsync(LbTcpProcess lbtcp, RealServer server, string down, string up)
    {
        server.Pause();
        Assert.Equal(down, (await lbtcp.RecordAsync(EventIds.BackendDown))["reason"]);
        server.Resume();
        Assert.StartsWith(up, (await lbtcp.RecordAsync(EventIds.BackendUp))["reason"], StringComparison.Ordinal);
    }

    private static async Task<string> CliAsync(RealServer server, params string[] command) => (await RealProgram.RunAsync(
        "redis-cli", ["-h", $"{server.EndPoint.Address}", "-p", $"{server.EndPoint.Port}", .. command])).TrimEnd('\n');
}
