using System.Net;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>
/// A dial to an unused port of this host in the range of ephemeral ports: sooner or later one is made from that
/// very port and meets itself (TCP's simultaneous open).
/// </summary>
public sealed class SelfConnectTests : EndToEndScenario
{
    private const int Clients = 100;

    public SelfConnectTests() => IsServingAtEnd = false; // out of reach from here

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task BackendIsDown_NoClientIsAnsweredByItself(string transport)
    {
        NetworkNamespace host = Own(await NetworkNamespace.CreateAsync());
        host.Set("ipv4/ip_local_port_range", "3001\t3040");
        await StartInAsync(host, IPEndPoint.Parse("127.0.0.1:3001"), "--transport", transport, "--listen", "127.0.0.1:8080");

        for (int i = 0; i < Clients; i++)
        {
            using TestConnection client = await host.Run(() => TestConnection.ConnectAsync(IPEndPoint.Parse("127.0.0.1:8080")));
            Assert.Equal(0, await client.ReceiveToResetAsync());
        }
    }
}
