using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>The base of the tests of checks that speak the protocol of a real server.</summary>
public abstract class ProtocolCheckScenario : RealProgramScenario
{
    /// <summary>How many checks have to leave no trace.</summary>
    private protected const int ManyChecks = 20;

    /// <summary>Starts a server that ends with the test.</summary>
    private protected async Task<RealServer> StartServerAsync(RealServer server)
    {
        await Own(server).StartAsync();
        return server;
    }

    /// <summary>Starts the program with frequent checks that have time on a busy machine, too.</summary>
    private protected Task<LbTcpProcess> StartAsync(string check, RealServer server, string timeout = "20s") => StartAsync(
        [server.EndPoint], "--check", check, "--check-interval", "50ms", "--check-timeout", timeout, "--rise", "2", "--fall", "2");

    /// <summary>Stops a server as a hang would, until the check has noticed, and has it continue.</summary>
    /// <param name="lbtcp">The program.</param>
    /// <param name="server">The server.</param>
    /// <param name="down">How the reason begins with which it is down; the limit that follows depends on what checks usually take.</param>
    /// <param name="up">The reason with which it is up again.</param>
    private protected static async Task AssertNoticesHangAsync(LbTcpProcess lbtcp, RealServer server, string down, string up)
    {
        server.Pause();
        Assert.StartsWith(down, (await lbtcp.RecordAsync(EventIds.BackendDown))["reason"], StringComparison.Ordinal);
        server.Resume();
        Assert.Equal(up, (await lbtcp.RecordAsync(EventIds.BackendUp))["reason"]);
    }

    /// <summary>Waits until a server has written something.</summary>
    private protected static Task LoggedAsync(RealServer server, string text, int times = 1, string log = CheckedServers.Log) =>
        Until.TrueAsync(() => LinesOf(server, log).Count(line => line.Contains(text, StringComparison.Ordinal)) >= times, text);

    /// <summary>What a server has written.</summary>
    private protected static string[] LinesOf(RealServer server, string log = CheckedServers.Log) =>
        File.Exists(server[log]) ? File.ReadAllLines(server[log]) : [];
}
