using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The addresses from which backends are dialled, and what happens when their ports run out.</summary>
public sealed class SourceAddressTests : EndToEndScenario
{
    private const int Ports = 10;

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Several_ArePassedToBackendsInTurn(string transport)
    {
        TestBackend backend = Backend(async connection => await connection.SendAsync($"{connection.RemoteEndPoint.Address}"));
        LbTcpProcess lbtcp = await StartAsync(
            backend, "--transport", transport, "--source-address", "127.0.0.2", "127.0.0.3", "--source-address", "::1");
        IsServingAtEnd = false;

        List<string> seen = [];
        for (int i = 0; i < 4; i++)
        {
            TestConnection client = await ConnectAsync(lbtcp);
            seen.Add(await client.ReceiveTextToEndAsync());
            client.Close();
        }

        Assert.Equal(["127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3"], seen);
    }

    [Fact]
    public async Task Check_IsDialledFromTheSourceAddressOfTheBackend()
    {
        List<string> seen = [];
        TestBackend backend = Backend(connection =>
        {
            lock (seen)
                seen.Add($"{connection.RemoteEndPoint.Address}");
            return Task.CompletedTask;
        });
        IsServingAtEnd = false;
        _ = await StartAsync(
            [], "--backends", $"http://{backend.EndPoint},source_address=127.0.0.9", "--check", "auto", "--check-interval", "50ms");

        await Until.TrueAsync(() => backend.Accepted >= 2, "two checks");

        lock (seen)
            Assert.All(seen, address => Assert.Equal("127.0.0.9", address));
    }

    [Fact]
    public async Task AddressOfAnotherHost_IsRefusedInASentence()
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync("--backends", "127.0.0.1:80", "--source-address", "203.0.113.77");

        Assert.Equal((2, "lbtcp: The source address 203.0.113.77 is not an address of this machine.\n"), (run.ExitCode, run.Error));
    }

    [SkippableTheory, MemberData(nameof(TransportsAndSources))]
    public async Task PortsAreUsedUp_IsReportedWithTheWayOutAndASecondAddressDoublesThem(string transport, string[] sources)
    {
        NetworkNamespace network = Own(await NetworkNamespace.CreateAsync());
        UnixBackend files = Own(new UnixBackend()); // clients must not use up the ports themselves
        var listen = new UnixEndPoint(files.PathOf("web.sock"));
        TestBackend backend = network.Run(() => Backend(Behaviours.EchoAsync));
        network.Set("ipv4/ip_local_port_range", $"1100 {1100 + Ports - 1}");
        IsServingAtEnd = false;
        string[] flags = sources.Length == 0 ? [] : ["--source-address", .. sources];
        LbTcpProcess lbtcp = await StartInAsync(
            network, backend.EndPoint, ["--transport", transport, "--listen", $"{listen}", "--passive-fall", "0", .. flags]);

        int served = await CountServedAsync(listen);

        Assert.Equal(Ports * Math.Max(1, sources.Length), served);
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("local_fault", $"[\"{backend.EndPoint}:no local address or port available\"]"), (end["reason"], end["attempts"]));
        JsonLogRecord fault = await lbtcp.RecordAsync(EventIds.LocalFault);
        Assert.Equal($"{backend.EndPoint}", fault["backend"]);
        Assert.StartsWith(
            "the ports of this machine's address towards this backend are used up; add addresses with --source-address", fault["hint"],
            StringComparison.Ordinal);
    }

    public static TheoryData<string, string[]> TransportsAndSources() => TransportNames.With<string[]>([], ["127.0.0.2", "127.0.0.3"]);

    // Connects clients until one gets no backend.
    private async Task<int> CountServedAsync(UnixEndPoint listen)
    {
        for (int served = 0; ; served++)
        {
            TestConnection client = Own(await TestConnection.ConnectAsync(listen));
            try
            {
                await client.SendAsync("x"); // fails when the client was reset before
                _ = await client.ReceiveAsync(1);
            }
            catch (Exception exception) when (exception is EndOfStreamException or System.Net.Sockets.SocketException)
            {
                return served;
            }
        }
    }
}
