using System.Net;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>A host whose operator has turned IPv6 off.</summary>
public sealed class NoIPv6Tests : EndToEndScenario
{
    public NoIPv6Tests() => IsServingAtEnd = false; // out of reach from here

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task ListenOnAllInterfaces_ServesIPv4(string transport)
    {
        NetworkNamespace host = await CreateHostAsync();
        TestBackend backend = host.Run(() => Backend(Behaviours.EchoAsync));

        // The port is free: the network is the test's own.
        LbTcpProcess lbtcp = await StartInAsync(host, backend.EndPoint, "--transport", transport, "--listen", "8080");

        using TestConnection client = await host.Run(() => TestConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 8080)));
        await client.SendAsync("ping");
        client.FinishSending();

        Assert.Equal("ping", await client.ReceiveTextToEndAsync());
        Assert.Equal("[::]:8080", lbtcp.EndPoint.ToString()); // the system has that address all the same, for IPv4
        Assert.Equal(client.LocalEndPoint.ToString(), (await lbtcp.EndRecordAsync())["client"]); // never ::ffff:127.0.0.1
    }

    [SkippableFact]
    public async Task ListenOnAnIPv6Address_SaysInOneSentenceThatItCannot()
    {
        NetworkNamespace host = await CreateHostAsync();

        ProgramRun run = await ProgramRun.OfAsync(
            LbTcpBinary.StartInfo(["--listen", "[::1]:8080", "--backends", "127.0.0.1:9"], host.Shell));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal("lbtcp: Cannot listen on [::1]:8080: this host does not have the address.\n", run.Error);
    }

    private async Task<NetworkNamespace> CreateHostAsync()
    {
        NetworkNamespace host = Own(await NetworkNamespace.CreateAsync());
        host.Set("ipv6/conf/all/disable_ipv6", "1");
        return host;
    }
}
