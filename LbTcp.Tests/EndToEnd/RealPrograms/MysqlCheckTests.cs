using System.Globalization;
using LbTcp.Diagnostics;
using LbTcp.Health.Exchanges;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Checks of a MariaDB.</summary>
public sealed class MysqlCheckTests : ProtocolCheckScenario
{
    private const string Account = "CREATE USER lbtcp@'127.0.0.1', lbtcp@localhost;\n";

    public MysqlCheckTests() => RealProgram.Require("mariadbd", "mariadb-install-db", "mariadb");

    [SkippableFact]
    public async Task Check_ServerWithTheAccount_IsHealthyAndTheServerCountsAndLogsNothing()
    {
        RealServer server = await StartServerAsync(CheckedServers.Mariadb(Account));
        Dictionary<string, long> before = await StatusAsync(server, status => status["Aborted_connects"] == 1); // the start of this test
        LbTcpProcess lbtcp = await StartAsync("mysql", server);

        int queries = 0;
        Dictionary<string, long> after = await StatusAsync(
            server, status => status["Connections"] - before["Connections"] - ++queries >= ManyChecks);

        Assert.Equal(before["Aborted_connects"], after["Aborted_connects"]);
        Assert.Equal(before["Aborted_clients"], after["Aborted_clients"]);
        Assert.Equal(before["Access_denied_errors"], after["Access_denied_errors"]);
        Assert.Single(LinesOf(server), line => line.Contains("Aborted", StringComparison.Ordinal));
        Assert.DoesNotContain(LinesOf(server), line => line.Contains("'lbtcp'", StringComparison.Ordinal));
        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [SkippableFact]
    public async Task Check_ServerWithoutTheAccount_IsHealthyAndTheServerCountsNoFailedHandshake()
    {
        RealServer server = await StartServerAsync(CheckedServers.Mariadb());
        _ = await StatusAsync(server, status => status["Aborted_connects_preauth"] == 1);
        LbTcpProcess lbtcp = await StartAsync("mysql", server);

        Dictionary<string, long> after = await StatusAsync(server, status => status["Access_denied_errors"] >= ManyChecks);

        Assert.Equal(1, after["Aborted_connects_preauth"]); // what blocks a host
        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [SkippableFact]
    public async Task Check_ServerHangs_IsUnhealthyUntilItContinues()
    {
        RealServer server = await StartServerAsync(CheckedServers.Mariadb(Account));
        LbTcpProcess lbtcp = await StartAsync("mysql", server, timeout: "1s");

        await AssertNoticesHangAsync(lbtcp, server, "mysql: timed out after ", "mysql: login accepted");
    }

    [SkippableFact]
    public async Task Check_ServerIsFull_IsUnhealthyUntilClientsLeave()
    {
        RealServer server = await StartServerAsync(CheckedServers.Mariadb(Account));
        LbTcpProcess lbtcp = await StartAsync("mysql", server);

        List<TestConnection> clients = [];
        for (int attempts = 0; clients.Count < 10 && attempts < 1000; attempts++)
        {
            TestConnection client = await ConnectAsync(server.EndPoint);
            if (await IsLoggedInAsync(client)) // a check may have had the last connection
                clients.Add(client);
        }

        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        clients.ForEach(client => client.Dispose());

        Assert.Equal("mysql: too many connections", down["reason"]);
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    private static async Task<bool> IsLoggedInAsync(TestConnection client)
    {
        const byte Error = 255;
        const byte Ok = 0;
        if (await ReadPacketAsync(client) is [Error, ..])
            return false;
        await client.SendAsync(MysqlLogin.Packet);
        return await ReadPacketAsync(client) is [Ok, ..];
    }

    private static async Task<byte[]> ReadPacketAsync(TestConnection client)
    {
        byte[] head = await client.ReceiveAsync(4);
        return await client.ReceiveAsync(head[0] | (head[1] << 8));
    }

    /// <summary>Reads the counters of the server until they are as expected.</summary>
    private static async Task<Dictionary<string, long>> StatusAsync(RealServer server, Predicate<Dictionary<string, long>> isExpected)
    {
        for (int attempts = 0; attempts < 1000; attempts++)
        {
            string lines = await RealProgram.RunAsync(
                "mariadb", "--no-defaults", "-u", "root", "-S", server["socket"], "-N", "-e",
                "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'A%ed_%' OR Variable_name = 'Connections'");
            var status = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
                .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
            if (isExpected(status))
                return status;
        }

        throw new TimeoutException("The counters of the server are not as expected.");
    }
}
