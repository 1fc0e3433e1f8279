using System.Net;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>IPv6 addresses that are valid on one interface only: a host listens, and dials, with the scope.</summary>
public sealed class LinkLocalTests : EndToEndScenario
{
    public LinkLocalTests() => IsServingAtEnd = false; // out of reach from here

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task ListenAddressAndBackend_WithTheirInterface_AreServedAndLogged(string transport)
    {
        NetworkNamespace near = Own(await NetworkNamespace.CreateAsync());
        NetworkNamespace far = Own(await NetworkNamespace.CreateAsync());
        await near.ConnectAsync(IPAddress.Parse("198.51.100.1"), far, IPAddress.Parse("198.51.100.2"));
        await near.ConfigureAsync("address add fe80::a/64 dev cable nodad");
        await far.ConfigureAsync("address add fe80::b/64 dev cable nodad");
        TestBackend backend = far.Run(() => Backend(Behaviours.EchoAsync, IPAddress.Parse("fe80::b%cable")));
        int port = backend.EndPoint.Port;
        LbTcpProcess lbtcp = Own(await LbTcpProcess.StartAsync(
            Arguments([], "--transport", transport, "--listen", "[fe80::a%cable]:0", "--backends", $"[fe80::b%cable]:{port}"), near.Shell));

        using TestConnection client = await far.Run(() => TestConnection.ConnectAsync(
            new IPEndPoint(IPAddress.Parse("fe80::a%cable"), lbtcp.EndPoint.Port)));
        await client.SendAsync("ping");
        client.FinishSending();

        Assert.Equal("ping", await client.ReceiveTextToEndAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal($"[fe80::b%cable]:{port}", end["backend"]);
        Assert.Matches($@"^\[fe80::b%\d+\]:{port}$", end["address"]);
        Assert.Matches(@"^\[fe80::b%\d+\]:\d+$", end["client"]);
        Assert.Matches(@"^\[fe80::a%\d+\]:\d+$", end["local"]);
    }
}
