using System.Diagnostics;
using System.Net;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Clients of several addresses of the loopback network, which access rules tell apart.</summary>
public sealed class AccessTests : ServicesScenario
{
    private static readonly IPAddress _friend = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress _stranger = IPAddress.Parse("127.0.0.3");

    [Fact]
    public async Task Deny_OfOneAddress_ResetsItsClientsOnly()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--deny", "127.0.0.3");

        await AssertIsRefusedAsync(lbtcp, _stranger);
        await AssertIsServedAsync(lbtcp, _friend);

        JsonLogRecord refused = await lbtcp.RecordAsync(EventIds.ClientRefused);
        Assert.Equal(("access_denied", "--deny 127.0.0.3", "1"), (refused["reason"], refused["rule"], refused["count"]));
        Assert.StartsWith("127.0.0.3:", refused["client"], StringComparison.Ordinal);
        Assert.Equal("completed", (await lbtcp.EndRecordAsync())["reason"]); // the refused one has none
        Assert.Equal(1, backend.Accepted);
    }

    [Fact]
    public async Task AccessFile_Changes_AppliesToNewClientsAndKeepsConnections()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        _ = Files.Write("access.txt", "deny 127.0.0.3\n");
        string service = $$"""
                "web": { "listen": "127.0.0.1:0", "check": "none", "backends": "{{backend.EndPoint}}", "access_file": "access.txt" }
            """;
        LbTcpProcess lbtcp = await StartServicesAsync(service);
        using TestConnection open = await TestConnection.ConnectAsync(lbtcp.EndPoint, from: _friend);
        await AssertIsRefusedAsync(lbtcp, _stranger);
        _ = await lbtcp.RecordAsync(EventIds.ClientRefused); // there is one client in it

        _ = Files.Write("access.txt", "# the friend has moved\ndeny 127.0.0.2\n");
        await ReloadServicesAsync(lbtcp, service);

        await AssertIsRefusedAsync(lbtcp, _friend);
        await AssertIsServedAsync(lbtcp, _stranger);
        await open.SendAsync("still here");
        Assert.Equal("still here", await open.ReceiveTextAsync(10));
        JsonLogRecord changed = await lbtcp.RecordAsync(EventIds.ReloadSettingChanged);
        Assert.Matches(@"^1 rule \([0-9a-f]{8}\)$", changed["access_file"]);
        Assert.Matches(@"^1 rule \([0-9a-f]{8}\)$", changed["was"]);
        Assert.NotEqual(changed["was"], changed["access_file"]);
        await Until.TrueAsync(
            () => lbtcp.Records(EventIds.ClientRefused).Any(record => record["rule"] == $"{Files["access.txt"]}:2"),
            "a record with the rule of the new file");
    }

    [Fact]
    public async Task AccessFile_Breaks_KeepsTheRulesThatRun()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        _ = Files.Write("access.txt", "deny 127.0.0.3\n");
        LbTcpProcess lbtcp = await StartAsync(backend, "--access-file", Files["access.txt"]);
        await AssertIsRefusedAsync(lbtcp, _stranger);

        _ = Files.Write("access.txt", "deny 127.0.0.2\nalow all\n");
        lbtcp.Signal(Posix.SigHup);
        JsonLogRecord refused = await lbtcp.RecordAsync(EventIds.ReloadRefused);

        Assert.Equal($"{Files["access.txt"]}:2:1", refused["source"]);
        await AssertIsRefusedAsync(lbtcp, _stranger);
        await AssertIsServedAsync(lbtcp, _friend);
    }

    [Fact]
    public async Task AccessFile_OnlyItsContentChanges_IsNoticedWithoutASignal()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        _ = Files.Write("access.txt", "deny 127.0.0.3\n");
        string service = Service("web", backend, more: """, "access_file": "access.txt" """);
        LbTcpProcess lbtcp = await StartServicesAsync(service);
        await ReloadServicesAsync(lbtcp, service); // a change before the first look belongs to the start

        _ = Files.Write("access.txt", "deny 127.0.0.2\n");
        JsonLogRecord done = (await lbtcp.RecordsAsync(EventIds.ReloadDone, 2))[1];

        Assert.Equal("file", done["trigger"]);
        await AssertIsRefusedAsync(lbtcp, _friend);
        await AssertIsServedAsync(lbtcp, _stranger);
    }

    [Fact]
    public async Task AccessFile_BecomesAPipeWithoutWriter_IsRefusedUntilItIsAFileAgain()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        _ = Files.Write("access.txt", "deny 127.0.0.3\n");
        LbTcpProcess lbtcp = await StartAsync(backend, "--access-file", Files["access.txt"]);
        using (var mkfifo = Process.Start("mkfifo", [Files["pipe"]]))
            await mkfifo.WaitForExitAsync().Done();

        File.Move(Files["pipe"], Files["access.txt"], overwrite: true);
        lbtcp.Signal(Posix.SigHup);
        JsonLogRecord refused = await lbtcp.RecordAsync(EventIds.ReloadRefused);

        Assert.Contains("not a regular file", refused["error"], StringComparison.Ordinal);
        await AssertIsRefusedAsync(lbtcp, _stranger);
        File.Move(Files.Write("new", "deny 127.0.0.2\n"), Files["access.txt"], overwrite: true);
        lbtcp.Signal(Posix.SigHup);
        _ = await lbtcp.RecordAsync(EventIds.ReloadSettingChanged);
        await AssertIsRefusedAsync(lbtcp, _friend);
        await AssertIsServedAsync(lbtcp, _stranger);
    }

    [Fact]
    public async Task Deny_OfUnix_ClosesTheClientsOfAUnixSocketOnly()
    {
        using var backend = new UnixBackend(); // only for a directory with a short path
        var listen = new UnixEndPoint(backend.PathOf("web.sock"));
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--listen", "127.0.0.1:0", "--listen", $"{listen}", "--deny", "unix");

        using TestConnection refused = await TestConnection.ConnectAsync(listen);

        Assert.Empty(await refused.ReceiveToEndAsync()); // unix sockets have no reset
        Assert.Equal("--deny unix", (await lbtcp.RecordAsync(EventIds.ClientRefused))["rule"]);
        await AssertIsServedAsync(lbtcp, _friend);
    }

    private static async Task AssertIsRefusedAsync(LbTcpProcess lbtcp, IPAddress from)
    {
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint, from: from);
        Assert.Equal(0, await client.ReceiveToResetAsync());
    }

    private static async Task AssertIsServedAsync(LbTcpProcess lbtcp, IPAddress from)
    {
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint, from: from);
        await client.SendAsync("ping");
        client.FinishSending();
        Assert.Equal("ping", await client.ReceiveTextToEndAsync());
    }
}
