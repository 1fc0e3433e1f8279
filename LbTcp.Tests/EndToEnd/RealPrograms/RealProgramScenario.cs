using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>The base of the tests that run the program between real clients and servers, such as redis and nginx.</summary>
public abstract class RealProgramScenario : EndToEndScenario
{
    protected RealProgramScenario() => IsServingAtEnd = false; // these servers do not echo

    /// <summary>Starts servers that end with the test.</summary>
    private protected async Task<RealServer[]> StartServersAsync(int count, Func<RealServer> create)
    {
        RealServer[] servers = [.. Enumerable.Range(0, count).Select(_ => Own(create()))];
        foreach (RealServer server in servers)
            await server.StartAsync();
        return servers;
    }

    /// <summary>Under <paramref name="load"/>, kills a server, waits until the checks have noticed, starts it again, waits again.</summary>
    private protected static async Task KillAndRestartAsync(LbTcpProcess lbtcp, RealServer server, Task load)
    {
        int served = lbtcp.Records(EventIds.ConnectionClosed).Count;
        await Until.TrueAsync(() => lbtcp.Records(EventIds.ConnectionClosed).Count > served || load.IsCompleted, "load");
        server.Kill();
        await lbtcp.RecordAsync(EventIds.BackendDown);
        await server.StartAsync();
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    /// <summary>Asserts that every client got a connection to a backend; that one may have been lost later, with its server.</summary>
    private protected static void AssertEveryClientGotABackend(LbTcpProcess lbtcp) => Assert.All(
        lbtcp.Records(EventIds.ConnectionClosed),
        end => Assert.True(end["reason"] is "completed" or "backend_reset" or "client_reset", $"{end}"));
}
