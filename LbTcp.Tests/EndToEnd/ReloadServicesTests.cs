using System.Net;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Services and listen addresses come and go while the program runs.</summary>
public sealed class ReloadServicesTests : ServicesScenario
{
    [Fact]
    public async Task Service_IsAdded_ServesOnItsPort()
    {
        TestBackend web = Backend();
        TestBackend mail = Backend(Behaviours.Banner("mail"));
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web));
        (TestConnection client, TestConnection backend) = await ConnectAsync(lbtcp, web);

        await ReloadServicesAsync(lbtcp, Service("web", web), Service("mail", mail));

        Assert.Equal("mail", await BannerAsync(AddressOf(lbtcp, "mail")));
        await AssertIsRelayedAsync(client, backend);
        Assert.Equal("mail", Assert.Single(lbtcp.Records(EventIds.ReloadServiceAdded))["name"]);
        JsonLogRecord done = lbtcp.Records(EventIds.ReloadDone)[0];
        Assert.Equal(("1", "0", "1"), (done["added"], done["removed"], done["unchanged"]));
    }

    [Theory]
    [InlineData("30s", "completed")]
    [InlineData("1ms", "drain_timeout")]
    public async Task Service_IsRemoved_RefusesClientsAndDrains(string drainTimeout, string reason)
    {
        TestBackend web = Backend(Behaviours.EchoAsync);
        TestBackend mail = Backend();
        LbTcpProcess lbtcp = await StartServicesAsync(
            Service("web", web), Service("mail", mail, more: $""", "drain_timeout": "{drainTimeout}" """));
        IPEndPoint address = AddressOf(lbtcp, "mail");
        (TestConnection client, TestConnection backend) = await ConnectAsync(address, mail);

        await ReloadServicesAsync(lbtcp, Service("web", web));

        await AssertRefusesAsync(address);
        if (reason == "completed")
        {
            await AssertIsRelayedAsync(client, backend);
            client.Close();
            backend.Close();
        }
        else
        {
            Assert.Equal(0, await client.ReceiveToResetAsync());
        }

        await AssertIsEchoedAsync(lbtcp);
        IReadOnlyList<JsonLogRecord> ended = await lbtcp.EndRecordsAsync(2);
        Assert.Equal(reason, Assert.Single(ended, record => record["service"] == "mail")["reason"]);
        Assert.Equal("mail", Assert.Single(lbtcp.Records(EventIds.ReloadServiceRemoved))["name"]);
    }

    // The second client goes to the backend with fewer connections, if the count of the first one has survived.
    [Fact]
    public async Task UnchangedService_WhileOthersChange_KeepsConnectionsAndCounts()
    {
        TestBackend[] web = [Backend(), Backend()];
        TestBackend mail = Backend(Behaviours.EchoAsync);
        string service = $$"""
            "web": { "listen": "127.0.0.1:0", "check": "none", "algorithm": "leastconn",
                     "backends": ["{{web[0].EndPoint}}", "{{web[1].EndPoint}}"] }
            """;
        LbTcpProcess lbtcp = await StartServicesAsync(service, Service("mail", mail));
        (TestConnection client, TestConnection backend) = await ConnectAsync(AddressOf(lbtcp, "web"), web[0]);

        await ReloadServicesAsync(lbtcp, Service("other", mail), service, Service("mail", mail, more: """, "idle_timeout": "5m" """));
        (TestConnection second, TestConnection its) = await ConnectAsync(AddressOf(lbtcp, "web"), web[1]);

        await AssertIsRelayedAsync(client, backend);
        await AssertIsRelayedAsync(second, its);
        Assert.Single(lbtcp.Records(EventIds.Listening), record => record["service"] == "web");
        Assert.DoesNotContain(lbtcp.Lines, line => line.Contains("reload changed", StringComparison.Ordinal)
            && !line.Contains("\"mail\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Listener_ChangesItsAddress_OpensTheNewAndClosesTheOld()
    {
        TestBackend web = Backend();
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web, "127.0.0.2:0"));
        IPEndPoint old = lbtcp.EndPoint;
        (TestConnection client, TestConnection backend) = await ConnectAsync(old, web);

        await ReloadServicesAsync(lbtcp, Service("web", web, "127.0.0.3:0"));

        await AssertRefusesAsync(old);
        Assert.Equal($"{old}", Assert.Single(lbtcp.Records(EventIds.ListeningEnded))["address"]);
        (TestConnection second, TestConnection its) = await ConnectAsync(AddressOf(lbtcp), web);
        await AssertIsRelayedAsync(client, backend);
        await AssertIsRelayedAsync(second, its);
        IsServingAtEnd = false; // not on the port of the start
    }

    // One service would change, one end and one begin.
    [Fact]
    public async Task Listener_HasAPortThatIsTaken_KeepsEverythingAsItWas()
    {
        TestBackend web = Backend(Behaviours.EchoAsync);
        TestBackend mail = Backend(Behaviours.Banner("mail"));
        TestBackend other = Backend(Behaviours.Banner("other"));
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web), Service("mail", mail));
        int descriptors = lbtcp.Facts.Listeners.Count;

        JsonLogRecord refused = await ReloadRefusedAsync(
            lbtcp, Configuration([Service("web", other), Service("free", other), Service("taken", other, $"{other.EndPoint}")]));

        Assert.Contains($"{other.EndPoint}", refused["error"], StringComparison.Ordinal);
        await AssertIsEchoedAsync(lbtcp);
        Assert.Equal("mail", await BannerAsync(AddressOf(lbtcp, "mail")));
        Assert.Equal(descriptors, lbtcp.Facts.Listeners.Count);
        Assert.Empty(lbtcp.Records(EventIds.ReloadDone));
    }

    [Fact]
    public async Task Addresses_SwapBetweenServices_RefuseNoClient()
    {
        const int Swaps = 20;
        TestBackend web = Backend(Behaviours.Banner("web"));
        TestBackend mail = Backend(Behaviours.Banner("mail"));
        string[] hosts = ["127.0.0.2:0", "127.0.0.3:0"];
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", web, hosts[0]), Service("mail", mail, hosts[1]));
        IPEndPoint[] addresses = [AddressOf(lbtcp, "web"), AddressOf(lbtcp, "mail")];
        using var over = new CancellationTokenSource();
        Task[] clients = [.. addresses.Select(address => ServeUntilAsync(address, over.Token))];

        for (int i = 1; i <= Swaps; i++)
        {
            await ReloadServicesAsync(lbtcp, Service("web", web, hosts[i % 2]), Service("mail", mail, hosts[1 - (i % 2)]));
            Assert.Equal(("web", "mail"), (await BannerAsync(addresses[i % 2]), await BannerAsync(addresses[1 - (i % 2)])));
        }

        await over.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Empty(lbtcp.Records(EventIds.ListeningEnded));
        IsServingAtEnd = false; // banners only
    }

    private static async Task ServeUntilAsync(IPEndPoint address, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
            Assert.True(await BannerAsync(address) is "web" or "mail");
    }
}
