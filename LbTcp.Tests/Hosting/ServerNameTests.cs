using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

/// <summary>Services whose backends have server names, with real sockets.</summary>
public sealed class ServerNameTests : IDisposable
{
    private readonly TestBackend _a = new(Behaviours.EchoAsync);
    private readonly TestBackend _b = new(Behaviours.EchoAsync);

    private int _ended;

    public static TheoryData<string> TransportNames => new TransportNames();

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task Relay_AfterAFragmentedClientHello_CarriesMegabytes(string transport)
    {
        await using RunningProcess process = await RunningProcess.StartAsync(
            transport, Service($"{_a.EndPoint} name=a server_name=a.example", $"{_b.EndPoint} name=b server_name=*.b.example"));
        Socket client = await process.ConnectAsync("127.0.0.1");
        client.NoDelay = true;
        byte[] hello = ClientHelloBytes.Records(ClientHelloBytes.Message(ClientHelloBytes.Extensions("x.b.example", padding: 1_500)), 1);
        byte[] data = [.. hello, .. Payload.Random(4 * 1024 * 1024)];

        Task<byte[]> echo = client.ReceiveExactlyAsync(data.Length);
        for (int i = 0; i < 300; i++)
            _ = await client.SendAsync(data.AsMemory(i, 1));
        for (int sent = 300; sent < data.Length;)
            sent += await client.SendAsync(data.AsMemory(sent));
        byte[] received = await echo.Done();
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(Payload.Hash(data), Payload.Hash(received));
        JsonLogRecord record = process.Records(EventIds.ConnectionClosed, 1)[0];
        Assert.Equal(("completed", "b", "x.b.example"), (record["reason"], record["backend"], record["server_name"]));
        Assert.Equal(data.Length, record.Number("sent"));
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task Preface_NothingInTime_IsServedByTheDefaultGroup(string transport)
    {
        using var banner = new TestBackend(Behaviours.Banner("220 ready"));
        ServiceOptions service = Service($"{_a.EndPoint} server_name=a.example", $"{banner.EndPoint} name=rest") with
        {
            Preface = new PrefaceOptions { PrefaceTimeout = TimeSpan.FromMilliseconds(50) },
        };
        await using RunningProcess process = await RunningProcess.StartAsync(transport, service);

        Socket client = await process.ConnectAsync("127.0.0.1");

        Assert.Equal("220 ready"u8.ToArray(), await client.ReceiveExactlyAsync(9).Done());
        client.Dispose();
        Assert.Equal("rest", process.Records(EventIds.ConnectionClosed, 1)[0]["backend"]);
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task Apply_NameIsAddedAndRemoved_NextConnectionsFollow(string transport)
    {
        ServiceOptions plain = Service($"{_a.EndPoint} name=a");
        ServiceOptions named = plain with
        {
            Backends = Pools.Options($"{_a.EndPoint} name=a", $"{_b.EndPoint} name=b server_name=b.example"),
        };
        await using RunningProcess process = await RunningProcess.StartAsync(transport, plain);
        Socket first = await process.ConnectAsync("127.0.0.1");
        await AssertEchoesHelloAsync(first);

        _ = await process.ApplyAsync(named);
        Assert.Equal(("b", "b.example"), await ServedAsync(process));
        _ = await process.ApplyAsync(plain);
        Assert.Equal(("a", null), await ServedAsync(process));
        await RunningProcess.AssertEchoesAsync(first);
    }

    // Who has served a new connection, and for which name.
    private async Task<(string? Backend, string? ServerName)> ServedAsync(RunningProcess process)
    {
        Socket client = await process.ConnectAsync("127.0.0.1");
        await AssertEchoesHelloAsync(client);
        client.Shutdown(SocketShutdown.Send);
        JsonLogRecord record = process.Records(EventIds.ConnectionClosed, ++_ended)[^1];
        return (record["backend"], record["server_name"]);
    }

    private static async Task AssertEchoesHelloAsync(Socket client)
    {
        byte[] hello = ClientHelloBytes.Of("b.example");
        _ = await client.SendAsync(hello);
        Assert.Equal(hello, await client.ReceiveExactlyAsync(hello.Length).Done());
    }

    private static ServiceOptions Service(params string[] backends) => RunningProcess.Service("web", ["127.0.0.1"], backends);
}
