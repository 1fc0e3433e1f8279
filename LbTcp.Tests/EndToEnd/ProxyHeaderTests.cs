using System.Net;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>PROXY protocol headers of peers that are not trusted or late, and a service that begins to require or to send them.</summary>
public sealed class ProxyHeaderTests : ServicesScenario
{
    private const string Header = "PROXY TCP4 192.0.2.7 192.0.2.8 50000 443\r\n";

    public ProxyHeaderTests() => IsServingAtEnd = false; // its clients send headers

    [Theory, ClassData(typeof(TransportNames))]
    public async Task AcceptProxy_PeerIsNotTrusted_IsResetWithoutADial(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--accept-proxy", "127.0.0.2");

        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint, from: IPAddress.Parse("127.0.0.3"));

        Assert.Equal(0, await client.ReceiveToResetAsync());
        Assert.Equal("proxy_untrusted", (await lbtcp.RecordAsync(EventIds.ClientRefused))["reason"]);
        Assert.Equal(0, backend.Accepted);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task AcceptProxy_HeaderDoesNotEnd_IsResetWhenItsTimeIsUp(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(
            backend, "--transport", transport, "--accept-proxy", "all", "--preface-timeout", "500ms");

        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
        await client.SendAsync(Header[..^1]);

        Assert.Equal(0, await client.ReceiveToResetAsync());
        Assert.Equal("preface_timeout", (await lbtcp.RecordAsync(EventIds.ClientRefused))["reason"]);
        Assert.Equal(0, backend.Accepted);
    }

    [Fact]
    public async Task AcceptProxyAndSendProxy_Change_ApplyToNewConnections()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", backend));
        using TestConnection before = await TestConnection.ConnectAsync(lbtcp.EndPoint);
        await before.SendAsync("one");
        Assert.Equal("one", await before.ReceiveTextAsync(3));

        await ReloadServicesAsync(lbtcp, Service("web", backend, more: """, "accept_proxy": "127.0.0.1", "send_proxy": "v1" """));
        Assert.Equal($"{Header}payload", await AskAsync(lbtcp, $"{Header}payload"));
        await ReloadServicesAsync(lbtcp, Service("web", backend));
        Assert.Equal("plain", await AskAsync(lbtcp, "plain"));

        await before.SendAsync("two");
        Assert.Equal("two", await before.ReceiveTextAsync(3));
    }

    private static async Task<string> AskAsync(LbTcpProcess lbtcp, string text)
    {
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
        await client.SendAsync(text);
        client.FinishSending();
        return await client.ReceiveTextToEndAsync();
    }
}
