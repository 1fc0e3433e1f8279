using System.Net;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.Repository;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Each command of <c>docs/recipes.md</c> does what the page promises. <see cref="TlsRecipeTests"/> has those with TLS.</summary>
public sealed class RecipeTests : RealProgramScenario
{
    private const string Listen = "--listen 127.0.0.1:0";

    [SkippableFact]
    public async Task BehindAnotherBalancer_ClientOfHAProxy_IsTheOneInTheRecord()
    {
        RealProgram.Require("haproxy");
        RecipePage recipe = RecipePage.Of("Behind another balancer");
        LbTcpProcess lbtcp = await StartAsync([], recipe.Arguments(
            ("--listen 80", Listen), ("10.0.1.4:80", Echo()), ("10.0.1.5:80", Echo()), ("10.0.0.2", "127.0.0.1")));
        string[] line = recipe.OtherProgram(("10.0.0.10:80", $"{lbtcp.EndPoint}")).Split(' ');
        RealServer haproxy = Own(ProxyPrograms.HAProxySender(line[2], string.Join(' ', line[3..])));
        await haproxy.StartAsync();

        TestConnection client = await ConnectAsync(haproxy.EndPoint);
        await AssertIsEchoedAsync(client);
        client.FinishSending();

        await AssertIsResetAsync(lbtcp, "127.0.0.3");
        await Until.TrueAsync(
            () => lbtcp.Records(EventIds.ConnectionClosed).Any(record =>
                record["client"] == $"{client.LocalEndPoint}" && record["via"]?.StartsWith("127.0.0.1:", StringComparison.Ordinal) == true),
            () => $"the record of {client.LocalEndPoint}; there are\n{string.Join('\n', lbtcp.Records(EventIds.ConnectionClosed))}");
    }

    [SkippableFact]
    public async Task InFrontOfNginx_ItsLogAndItsVariable_HaveTheAddressOfTheClient()
    {
        RealProgram.Require("nginx", "curl");
        RecipePage recipe = RecipePage.Of("In front of nginx that wants the address of the client");
        RealServer[] servers = await StartServersAsync(2, () => ProxyPrograms.NginxServer(endPoint => recipe.OtherProgram(
            ("listen 80", $"listen {endPoint}"), ("10.0.0.10", "127.0.0.1"))));
        LbTcpProcess lbtcp = await StartAsync([], recipe.Arguments(
            ("--listen 80", Listen), ("10.0.1.4:80", $"{servers[0].EndPoint}"), ("10.0.1.5:80", $"{servers[1].EndPoint}")));

        foreach (RealServer server in servers) // in turn
        {
            string answer = await RealProgram.RunAsync("curl", "-sSf", "--interface", "127.0.0.7", $"http://{lbtcp.EndPoint}/");
            Assert.Equal("127.0.0.7\n", answer);
            await Until.TrueAsync(
                () => server.ReadFile("access.log").StartsWith("127.0.0.7 - - [", StringComparison.Ordinal),
                () => $"the address in the log of nginx, which is {server.ReadFile("access.log")}");
        }
    }

    [Fact]
    public async Task InternalService_ClientsOfTheTwoNetworks_AreServedAndOthersReset()
    {
        RecipePage recipe = RecipePage.Of("An internal service for two networks only");
        (string, string)[] addresses = [("--listen 5432", Listen), ("10.0.1.4:5432", Echo()), ("10.0.1.5:5432", Echo())];
        LbTcpProcess lbtcp = await StartAsync([], recipe.Arguments(
            [.. addresses, ("10.20.0.0/16", "127.0.1.0/24"), ("10.30.0.0/16", "127.0.2.0/24")]));

        await AssertIsServedAsync(lbtcp, "127.0.1.9");
        await AssertIsServedAsync(lbtcp, "127.0.2.9");
        await AssertIsResetAsync(lbtcp, "127.0.3.9");

        Assert.Equal("access_denied", (await lbtcp.RecordAsync(EventIds.ClientRefused))["reason"]);
        ProgramRun check = await ProgramRun.OfLbTcpAsync(["check", .. recipe.Arguments(addresses), "--client", "10.40.0.1"]);
        Assert.Contains("10.40.0.1 is refused", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LimitsPerClient_OneAddressTakesAllItMay_OthersAreServed()
    {
        LbTcpProcess lbtcp = await StartAsync([], RecipePage.Of("Limits per client for a public service").Arguments(
            ("--listen 25", Listen), ("10.0.1.4:25", Echo()), ("10.0.1.5:25", Echo())));
        for (int i = 0; i < 50; i++)
            await AssertIsEchoedAsync(await ConnectAsync(lbtcp, IPAddress.Parse("127.0.0.2")));

        await AssertIsResetAsync(lbtcp, "127.0.0.2");

        Assert.Equal("source_limit", (await lbtcp.RecordAsync(EventIds.ClientRefused))["reason"]);
        await AssertIsServedAsync(lbtcp, "127.0.0.3");
    }

    // A new recipe needs a test.
    [Fact]
    public void Recipes_OfThePage_AreAllRun() => Assert.Equal(
        [
            "Behind another balancer", "In front of nginx that wants the address of the client", "TLS at the edge",
            "TLS at the edge, and to the backends", "One port for several TLS names", "An internal service for two networks only",
            "Limits per client for a public service", "Clients with certificates",
        ],
        RecipePage.All.Select(recipe => recipe.Heading));

    private static async Task AssertIsEchoedAsync(TestConnection client)
    {
        await client.SendAsync("ping");
        Assert.Equal("ping", await client.ReceiveTextAsync(4));
    }

    private static async Task AssertIsServedAsync(LbTcpProcess lbtcp, string from)
    {
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint, from: IPAddress.Parse(from));
        await AssertIsEchoedAsync(client);
    }

    private static async Task AssertIsResetAsync(LbTcpProcess lbtcp, string from)
    {
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint, from: IPAddress.Parse(from));
        Assert.Equal(0, await client.ReceiveToResetAsync());
    }

    private string Echo() => $"{Backend(Behaviours.EchoAsync).EndPoint}";
}
