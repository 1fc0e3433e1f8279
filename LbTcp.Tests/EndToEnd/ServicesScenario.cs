using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The base of the tests that change the configuration file of a running program.</summary>
public abstract class ServicesScenario : EndToEndScenario
{
    private protected ServicesScenario() => Files = Own(new TemporaryDirectory());

    /// <summary>The directory of the configuration file.</summary>
    private protected TemporaryDirectory Files { get; }

    /// <summary>The text of a service without checks; the other members, which begin with a comma, may override nothing of it.</summary>
    private protected static string Service(string name, TestBackend backend, string listen = "127.0.0.1:0", string more = "") =>
        $$"""    "{{name}}": { "listen": "{{listen}}", "check": "none", "backends": "{{backend.EndPoint}}" {{more}} }""";

    /// <summary>The text of a configuration file; its first service begins at line 3.</summary>
    /// <param name="services">See <see cref="Service"/>.</param>
    /// <param name="process">Settings of the process, each of which begins with a comma.</param>
    private protected static string Configuration(IEnumerable<string> services, string process = "") =>
        $$"""
        { "log_format": "json" {{process}},
          "services": {
        {{string.Join(",\n", services)}}
          }
        }
        """;

    /// <summary>Starts the program with a configuration and waits until all services listen.</summary>
    private protected async Task<LbTcpProcess> StartServicesAsync(params string[] services)
    {
        LbTcpProcess lbtcp = await StartConfiguredAsync(Files.Write("lbtcp.json", Configuration(services)));
        _ = await lbtcp.RecordsAsync(EventIds.Listening, services.Length);
        return lbtcp;
    }

    /// <summary>Replaces the configuration file and has the program read it.</summary>
    private protected void Replace(LbTcpProcess lbtcp, string configuration)
    {
        File.Move(Files.Write("new", configuration), Files["lbtcp.json"], overwrite: true);
        lbtcp.Signal(Posix.SigHup);
    }

    /// <summary>Replaces the configuration, which is applied.</summary>
    private protected async Task ReloadAsync(LbTcpProcess lbtcp, string configuration)
    {
        int before = Answers(lbtcp).Count();
        Replace(lbtcp, configuration);
        await Until.TrueAsync(
            () => Answers(lbtcp).Count() > before, () => $"a reload; it said\n{string.Join('\n', lbtcp.Lines.TakeLast(20))}");
    }

    /// <summary>Replaces the services, which is applied.</summary>
    private protected Task ReloadServicesAsync(LbTcpProcess lbtcp, params string[] services) =>
        ReloadAsync(lbtcp, Configuration(services));

    /// <summary>Replaces the configuration, which is refused.</summary>
    private protected async Task<JsonLogRecord> ReloadRefusedAsync(LbTcpProcess lbtcp, string configuration)
    {
        Replace(lbtcp, configuration);
        return await lbtcp.RecordAsync(EventIds.ReloadRefused);
    }

    /// <summary>The address on which a service, or all of them, began to listen last.</summary>
    private protected static IPEndPoint AddressOf(LbTcpProcess lbtcp, string? service = null) => IPEndPoint.Parse(
        lbtcp.Records(EventIds.Listening).Last(record => service is null || record["service"] == service)["address"]!);

    /// <summary>A client of a service, and the connection that the backend gets for it.</summary>
    private protected async Task<(TestConnection Client, TestConnection Backend)> ConnectAsync(IPEndPoint address, TestBackend backend) =>
        (await ConnectAsync(address), await backend.AcceptAsync());

    /// <summary>Sends from the client to the backend.</summary>
    private protected static async Task AssertIsRelayedAsync(TestConnection client, TestConnection backend)
    {
        await client.SendAsync("still here");
        Assert.Equal("still here", await backend.ReceiveTextAsync(10));
    }

    private protected static async Task AssertRefusesAsync(IPEndPoint address)
    {
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => TestConnection.ConnectAsync(address));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    // A change of the file may be noticed before the signal arrives; every signal has an answer of its own.
    private static IEnumerable<JsonLogRecord> Answers(LbTcpProcess lbtcp) =>
        lbtcp.Records(EventIds.ReloadDone).Where(record => record["trigger"] == "signal");
}
