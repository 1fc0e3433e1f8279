using LbTcp.Diagnostics;
using LbTcp.Health.Exchanges;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Checks of a PostgreSQL.</summary>
public sealed class PostgresCheckTests : ProtocolCheckScenario
{
    private const string Ready = "ready to accept connections";

    public PostgresCheckTests() => RealProgram.Require("postgres", "initdb", "setpriv");

    [SkippableFact]
    public async Task Check_ServerRequestsAPassword_IsHealthyAndTheServerComplainsAboutNothing()
    {
        RealServer server = await StartServerAsync(CheckedServers.Postgres(["log_connections=on", "log_disconnections=on"]));
        await LoggedAsync(server, Ready);
        LbTcpProcess lbtcp = await StartAsync("postgres", server);

        await LoggedAsync(server, "connection received", ManyChecks);

        Assert.All(
            LinesOf(server).SkipWhile(line => !line.Contains(Ready, StringComparison.Ordinal)).Skip(1),
            line => Assert.Contains("connection received", line, StringComparison.Ordinal));
        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [SkippableFact]
    public async Task Check_ServerHangs_IsUnhealthyUntilItContinues()
    {
        RealServer server = await StartServerAsync(CheckedServers.Postgres([]));
        await LoggedAsync(server, Ready);
        LbTcpProcess lbtcp = await StartAsync("postgres", server, timeout: "1s");

        await AssertNoticesHangAsync(lbtcp, server, "postgres: timed out after ", "postgres: password requested");
    }

    [SkippableFact]
    public async Task Check_ServerIsFull_IsUnhealthyUntilClientsLeave()
    {
        const int MaxConnections = 10;
        string[] settings = [$"max_connections={MaxConnections}", "superuser_reserved_connections=0", "max_wal_senders=0"];
        RealServer server = await StartServerAsync(CheckedServers.Postgres(settings));
        await LoggedAsync(server, Ready);
        LbTcpProcess lbtcp = await StartAsync("postgres", server);

        List<TestConnection> clients = [];
        for (int attempts = 0; clients.Count < MaxConnections && attempts < 1000; attempts++)
        {
            TestConnection client = await ConnectAsync(server.EndPoint);
            await client.SendAsync(new PostgresExchange().Request);
            if (await client.ReceiveTextAsync(1) == "R") // waits for the password now; a check may have had the last connection
                clients.Add(client);
        }

        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        clients.ForEach(client => client.Dispose());

        Assert.Equal("postgres: sorry, too many clients already", down["reason"]);
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    [SkippableFact]
    public async Task Check_ServerAcceptsNoSessionsYet_IsUnhealthyWithItsText()
    {
        RealServer server = await StartServerAsync(CheckedServers.Postgres(["hot_standby=off"], isStandby: true));
        LbTcpProcess lbtcp = await StartAsync("postgres", server);

        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);

        Assert.StartsWith("postgres: the database system is ", down["reason"], StringComparison.Ordinal);
    }
}
