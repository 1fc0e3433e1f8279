using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Names that a real name server answers for, or does not.</summary>
public sealed class NameTests : EndToEndScenario
{
    private const int Clients = 4;

    [SkippableFact]
    public async Task Name_GainsAndLosesAddressesUnderTraffic_NoClientFails()
    {
        RealProgram.Require("dnsmasq");
        TestBackend first = Backend(Behaviours.EchoAsync);
        TestBackend second = Backend(Behaviours.EchoAsync, IPAddress.Parse("127.0.0.2"), port: first.EndPoint.Port);
        NameServer names = Own(await NameServer.StartAsync("127.0.0.1 web.test\n"));
        LbTcpProcess lbtcp = await StartWithNamesAsync(names.EndPoint, $"web.test:{first.EndPoint.Port}");
        using var stopping = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, Clients).Select(_ => EchoUntilAsync(lbtcp, stopping.Token))];

        names.Replace("127.0.0.1 web.test\n127.0.0.2 web.test\n");
        await ServesAsync(lbtcp, "web.test/127.0.0.2", second);
        names.Replace("127.0.0.2 web.test\n");
        JsonLogRecord removed = await lbtcp.RecordAsync(EventIds.BackendRemoved);
        names.Replace("127.0.0.1 web.test\n");
        await lbtcp.RecordsAsync(EventIds.BackendRemoved, 2);
        await ServesAsync(lbtcp, "web.test/127.0.0.1", first);
        await stopping.CancelAsync();
        await Task.WhenAll(load).Done();

        Assert.Equal(("web.test/127.0.0.1", $"{first.EndPoint}"), (removed["backend"], removed["address"]));
        Assert.All(lbtcp.Records(EventIds.ConnectionClosed), end => Assert.Equal("completed", end["reason"]));
        Assert.Empty(lbtcp.Records(EventIds.NameFailed));
    }

    [SkippableFact]
    public async Task Name_DoesNotExistAtTheStart_IsServedWhenItDoesAndKeptWhenItIsGone()
    {
        RealProgram.Require("dnsmasq");
        TestBackend backend = Backend(Behaviours.EchoAsync);
        NameServer names = Own(await NameServer.StartAsync(""));
        LbTcpProcess lbtcp = await StartWithNamesAsync(names.EndPoint, $"web.test:{backend.EndPoint.Port}");

        await AssertIsResetAsync(lbtcp);
        JsonLogRecord failed = await lbtcp.RecordAsync(EventIds.NameFailed);
        names.Replace("127.0.0.1 web.test\n");
        await lbtcp.RecordAsync(EventIds.BackendAdded);
        await AssertIsEchoedAsync(lbtcp);
        names.Replace("");
        await lbtcp.RecordsAsync(EventIds.NameFailed, 2);
        await AssertIsEchoedAsync(lbtcp);

        Assert.Equal(("web.test", "name not found"), (failed["name"], failed["reason"]));
        Assert.Empty(lbtcp.Records(EventIds.BackendRemoved));
        Assert.Single(lbtcp.Records(EventIds.NameRecovered));
    }

    [SkippableFact]
    public async Task Name_FirstOfItsAddressesIsSilent_NextClientGetsTheSecond()
    {
        RealProgram.Require("dnsmasq");
        BlackHole silent = Own(new BlackHole());
        TestBackend second = Backend(Behaviours.Banner("second"), IPAddress.Parse("127.0.0.2"), port: silent.EndPoint.Port);
        TestBackend other = Backend(Behaviours.Banner("other"));
        NameServer names = Own(await NameServer.StartAsync("127.0.0.1 web.test\n127.0.0.2 web.test\n"));
        LbTcpProcess lbtcp = await StartWithNamesAsync(
            names.EndPoint, $"web.test:{silent.EndPoint.Port},name=web,resolve=first", $"{other.EndPoint}",
            "--algorithm", "first", "--connect-timeout", "1h", "--hedge-after", "1s");

        Assert.Equal("other", await BannerAsync(lbtcp.EndPoint));
        Assert.Equal("[\"web:no answer in 1s\"]", (await lbtcp.EndRecordAsync())["attempts"]);
        Assert.Equal("second", await BannerAsync(lbtcp.EndPoint));
        Assert.Null((await lbtcp.EndRecordsAsync(2))[1]["attempts"]);

        JsonLogRecord fails = Assert.Single(lbtcp.Records(EventIds.AddressFails));
        Assert.Equal(("web", $"{silent.EndPoint}", "timed out"), (fails["backend"], fails["address"], fails["reason"]));
        IsServingAtEnd = false; // banners only
    }

    [SkippableFact]
    public async Task Names_ServerIsSilent_DelayNeitherTheStartNorTimers()
    {
        Socket silent = Own(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        TestBackend backend = Backend();
        string[] lost = [.. Enumerable.Range(0, 100).Select(i => $"web{i}.test:80")];

        LbTcpProcess lbtcp = await StartWithNamesAsync(
            (IPEndPoint)silent.LocalEndPoint!, [.. lost, $"{backend.EndPoint}", "--idle-timeout", "500ms"]);
        (TestConnection client, _) = await ConnectAsync(lbtcp, backend);

        Assert.Equal("idle_timeout", (await lbtcp.EndRecordAsync())["reason"]);
        Assert.Equal(100, lbtcp.Records(EventIds.NameFailed).Count);
        client.Dispose();
        backend.CloseConnections(Behaviours.EchoAsync);
        _ = DenyAllAsync(silent); // the look-ups end
    }

    [SkippableFact]
    public async Task Answer_TooLargeForADatagram_IsTakenByTcp()
    {
        RealProgram.Require("dnsmasq");
        string[] addresses = [.. Enumerable.Range(1, 250).Select(i => $"127.9.0.{i}")];
        NameServer names = Own(await NameServer.StartAsync(string.Concat(addresses.Select(address => $"{address} web.test\n"))));

        string[] backends = await ValidateAsync(names, "web.test:80,name=w");

        Assert.Equal(
            addresses.Select(each => $"backend {each}:80 = {each}:80 name=w/{each} weight=1 check=tcp check_interval=2s"), backends);
    }

    [SkippableFact]
    public async Task Service_PrioritiesAndWeights_AreThoseOfItsTargets()
    {
        RealProgram.Require("dnsmasq");
        NameServer names = Own(await NameServer.StartAsync(
            "127.0.0.2 a.test\n127.0.0.3 b.test\n127.0.0.4 c.test\n",
            "_web._tcp.test,a.test,8001,10,1", "_web._tcp.test,b.test,8002,10,3", "_web._tcp.test,c.test,8003,20,0"));

        string[] backends = await ValidateAsync(names, "srv+http://_web._tcp.test,name=w,check=tcp");

        Assert.Equal(
            [
                "backend http://127.0.0.2:8001 = 127.0.0.2:8001 name=w/127.0.0.2:8001 weight=1 check=tcp check_interval=2s",
                "backend http://127.0.0.3:8002 = 127.0.0.3:8002 name=w/127.0.0.3:8002 weight=3 check=tcp check_interval=2s",
                "backend http://127.0.0.4:8003 = 127.0.0.4:8003 name=w/127.0.0.4:8003 weight=1 backup check=tcp check_interval=2s",
            ],
            backends);
    }

    private static async Task<string[]> ValidateAsync(NameServer names, string backend)
    {
        ProgramRun run = await ProgramRun.OfAsync(
            LbTcpBinary.StartInfo(["--validate", "--dns-server", $"{names.EndPoint}", "--backends", backend]));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return [.. run.Output.Split('\n').Where(line => line.StartsWith("backend ", StringComparison.Ordinal))];
    }

    private Task<LbTcpProcess> StartWithNamesAsync(IPEndPoint nameServer, params string[] backendsAndFlags) =>
        StartAsync([], ["--dns-server", $"{nameServer}", "--dns-min", "100ms", "--backends", .. backendsAndFlags]);

    private static async Task ServesAsync(LbTcpProcess lbtcp, string name, TestBackend backend) => await Until.TrueAsync(
        () => lbtcp.Records(EventIds.ConnectionClosed).Any(end => (end["backend"], end["address"]) == (name, $"{backend.EndPoint}")),
        $"{name} serves");

    // Says of every name that it does not exist (RFC 1035, section 4.1.1).
    private static async Task DenyAllAsync(Socket server)
    {
        byte[] message = new byte[1500];
        try
        {
            while (true)
            {
                SocketReceiveFromResult query = await server.ReceiveFromAsync(message, new IPEndPoint(IPAddress.Any, 0));
                int question = 12 + message.AsSpan(12).IndexOf((byte)0) + 5;
                (message[2], message[3], message[11]) = (0x81, 0x83, 0);
                _ = await server.SendToAsync(message.AsMemory(0, question), query.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test ends.
        }
    }

    private static async Task EchoUntilAsync(LbTcpProcess lbtcp, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
            await AssertIsEchoedAsync(lbtcp);
    }
}
