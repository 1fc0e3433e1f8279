using System.Net;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Settings of a configuration file change while the program runs, or are wrong.</summary>
public sealed class ReloadSettingsTests : ServicesScenario
{
    [Theory]
    [InlineData("transport", "sockets")]
    [InlineData("keepalive", "7s")]
    [InlineData("dead_peer_timeout", "7s")]
    public async Task SettingOfTheStart_Changes_IsRefusedByName(string name, string value)
    {
        TestBackend web = Backend(Behaviours.EchoAsync);
        TestBackend other = Backend(Behaviours.Banner("other"));
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web));

        JsonLogRecord refused = await ReloadRefusedAsync(
            lbtcp, Configuration([Service("web", other)], $""", "{name}": "{value}" """));

        Assert.Equal($"{name} cannot change while running; restart lbtcp.", refused["error"]);
        await AssertIsEchoedAsync(lbtcp);
    }

    [Fact]
    public async Task HedgeAfter_OfAService_ChangesForDialsThatBeginAfterwards()
    {
        BlackHole silent = Own(new BlackHole());
        TestBackend other = Backend(Behaviours.Banner("other"));
        LbTcpProcess lbtcp = await StartServicesAsync(HedgingService("fast", "100ms"), HedgingService("slow", "0"));
        TestConnection before = await ConnectAsync(AddressOf(lbtcp, "slow"));
        await Until.TrueAsync(() => silent.Dials == 1, "a dial of the silent backend");
        Assert.Equal("other", await BannerAsync(AddressOf(lbtcp, "fast")));
        _ = await lbtcp.EndRecordAsync();

        JsonLogRecord refused = await ReloadRefusedAsync(lbtcp, Configuration([HedgingService("slow", "5")]));
        await ReloadServicesAsync(lbtcp, HedgingService("fast", "100ms"), HedgingService("slow", "50ms"));
        Assert.Equal("other", await BannerAsync(AddressOf(lbtcp, "slow")));

        Assert.Contains("hedge_after", refused["error"], StringComparison.Ordinal);
        JsonLogRecord[] ends = [.. await lbtcp.EndRecordsAsync(2)];
        Assert.Equal(
            [("fast", $"[\"{silent.EndPoint}:no answer in 100ms\"]"), ("slow", $"[\"{silent.EndPoint}:no answer in 50ms\"]")],
            ends.Select(end => (end["service"], end["attempts"])));
        await Until.TrueAsync(() => silent.Dials == 1, "only the dial of the first client goes on");
        before.Reset();
        IsServingAtEnd = false; // banners only

        string HedgingService(string name, string hedgeAfter) => $$"""
                "{{name}}": { "listen": "127.0.0.1:0", "check": "none", "algorithm": "first", "connect_timeout": "1h",
                  "hedge_after": "{{hedgeAfter}}", "backends": ["{{silent.EndPoint}}", "{{other.EndPoint}}"] }
            """;
    }

    [Fact]
    public async Task LogLevel_Changes_AppliesAtOnce()
    {
        TestBackend quiet = Backend(Behaviours.Banner("quiet"));
        TestBackend loud = Backend(Behaviours.Banner("loud"));
        TestBackend last = Backend(Behaviours.Banner("last"));
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", loud));

        Replace(lbtcp, Configuration([Service("web", quiet)], """, "log_level": "error" """));
        while (await BannerAsync(lbtcp.EndPoint) == "loud")
            await Task.Yield();
        JsonLogRecord refused = await ReloadRefusedAsync(lbtcp, "{"); // its record says that the reload before has ended
        for (int i = 0; i < 10; i++)
            Assert.Equal("quiet", await BannerAsync(lbtcp.EndPoint));
        await ReloadServicesAsync(lbtcp, Service("web", last));
        _ = await BannerAsync(lbtcp.EndPoint);

        Assert.Equal("error", refused.Level);
        await Until.TrueAsync(() => Ended(lbtcp, last) > 0, "the record of a client after the second change");
        Assert.InRange(Ended(lbtcp, quiet), 0, 2); // the first one, and the last one if its record was late
        IsServingAtEnd = false; // banners only
    }

    [Fact]
    public async Task EndRecords_OfTheSecondServiceOn_CarryTheService()
    {
        TestBackend web = Backend(Behaviours.EchoAsync);
        TestBackend mail = Backend(Behaviours.Banner("mail"));
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web));
        await AssertIsEchoedAsync(lbtcp);
        JsonLogRecord alone = await lbtcp.EndRecordAsync();

        await ReloadServicesAsync(lbtcp, Service("web", web), Service("mail", mail));
        await AssertIsEchoedAsync(lbtcp);
        _ = await lbtcp.EndRecordsAsync(2);
        _ = await BannerAsync(AddressOf(lbtcp, "mail"));

        Assert.Null(alone["service"]);
        Assert.Equal(["web", "mail"], (await lbtcp.EndRecordsAsync(3)).Skip(1).Select(record => record["service"]));
    }

    [Fact]
    public async Task MaxConnections_OfAService_HoldsBackItsClientsOnly()
    {
        TestBackend web = Backend();
        TestBackend mail = Backend(Behaviours.Banner("mail"));
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web), Service("mail", mail));
        IPEndPoint address = AddressOf(lbtcp, "web");

        await ReloadServicesAsync(lbtcp, Service("web", web, more: """, "max_connections": 1 """), Service("mail", mail));
        (TestConnection first, TestConnection its) = await ConnectAsync(address, web);
        TestConnection second = await ConnectAsync(address);
        JsonLogRecord limit = await lbtcp.RecordAsync(EventIds.ConnectionLimitReached);
        for (int i = 0; i < 3; i++)
            Assert.Equal("mail", await BannerAsync(AddressOf(lbtcp, "mail")));

        Assert.Equal(("web", "1"), (limit["service"], limit["limit"]));
        Assert.Equal(1, web.Accepted);
        first.Close();
        its.Close();
        await AssertIsRelayedAsync(second, await web.AcceptAsync());
    }

    [Fact]
    public async Task BackendsFile_NamedByTheConfiguration_IsWatched()
    {
        TestBackend first = Backend(Behaviours.Banner("a"));
        TestBackend second = Backend(Behaviours.Banner("b"));
        TestBackend mail = Backend(Behaviours.Banner("mail"));
        _ = Files.Write("web.txt", $"{first.EndPoint}");
        string service = """    "web": { "listen": "127.0.0.1:0", "check": "none", "backends_file": "web.txt" }""";
        LbTcpProcess lbtcp = await StartServicesAsync(service, Service("mail", mail));
        await ReloadServicesAsync(lbtcp, service, Service("mail", mail)); // a change before the first look belongs to the start

        _ = Files.Write("web.txt", $"{second.EndPoint} name=b");
        JsonLogRecord done = (await lbtcp.RecordsAsync(EventIds.ReloadDone, 2))[1];

        Assert.Equal(("file", "1", "1", "1"), (done["trigger"], done["added"], done["removed"], done["unchanged"]));
        Assert.Equal("web", Assert.Single(lbtcp.Records(EventIds.ReloadAdded))["service"]);
        Assert.Equal("b", await BannerAsync(AddressOf(lbtcp, "web")));
        IsServingAtEnd = false; // banners only
    }

    [Fact]
    public async Task Defaults_Change_ApplyToServicesWithoutAValueOfTheirOwn()
    {
        TestBackend web = Backend();
        TestBackend mail = Backend();
        string[] services = [Service("web", web), Service("mail", mail, more: """, "idle_timeout": "1h" """)];
        LbTcpProcess lbtcp = await StartServicesAsync(services);
        (TestConnection idle, _) = await ConnectAsync(AddressOf(lbtcp, "web"), web);
        (TestConnection other, TestConnection its) = await ConnectAsync(AddressOf(lbtcp, "mail"), mail);

        await ReloadAsync(lbtcp, Configuration(services, """, "defaults": { "idle_timeout": "100ms" }"""));

        _ = await idle.ReceiveToResetAsync();
        Assert.Equal(("web", "idle_timeout"), (await lbtcp.EndRecordAsync() is var ended ? (ended["service"], ended["reason"]) : default));
        await AssertIsRelayedAsync(other, its);
        IsServingAtEnd = false; // on a busy machine, a client may take longer than 100 ms to send
        JsonLogRecord changed = Assert.Single(lbtcp.Records(EventIds.ReloadSettingChanged));
        Assert.Equal(("web", "100ms", "1h"), (changed["service"], changed["idle_timeout"], changed["was"]));
    }

    [Fact]
    public async Task Error_InOneService_KeepsAllAndNamesItsPlace()
    {
        TestBackend web = Backend(Behaviours.EchoAsync);
        TestBackend mail = Backend(Behaviours.Banner("mail"));
        TestBackend other = Backend(Behaviours.Banner("other"));
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web), Service("mail", mail));

        string wrong = """    "mail": { "algoritm": "first", "listen": "127.0.0.1:0", "backends": "127.0.0.1:9" }""";
        JsonLogRecord refused = await ReloadRefusedAsync(lbtcp, Configuration([Service("web", other), wrong]));

        Assert.EndsWith("lbtcp.json:4:15", refused["source"], StringComparison.Ordinal);
        Assert.Contains("did you mean \"algorithm\"?", refused["error"], StringComparison.Ordinal);
        await AssertIsEchoedAsync(lbtcp);
        Assert.Equal("mail", await BannerAsync(AddressOf(lbtcp, "mail")));
    }

    private static int Ended(LbTcpProcess lbtcp, TestBackend backend) =>
        lbtcp.Records(EventIds.ConnectionClosed).Count(record => record["backend"] == $"{backend.EndPoint}");
}
