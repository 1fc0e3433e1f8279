using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The program with its admin endpoint and the verbs that use it, and the program without.</summary>
public sealed class AdminTests : EndToEndScenario
{
    private readonly TemporaryDirectory _directory;
    private readonly string _socket;

    public AdminTests()
    {
        _directory = Own(new TemporaryDirectory());
        _socket = $"unix:{_directory["admin.sock"]}";
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Verbs_UnderTraffic_ShowAndChangeTheProcess(string transport)
    {
        TestBackend first = Backend(Behaviours.EchoAsync);
        TestBackend second = Backend(Behaviours.EchoAsync);
        string file = _directory.Write("backends.txt", $"{first.EndPoint} name=first\n{second.EndPoint} name=second\n");
        LbTcpProcess lbtcp = await StartAsync(
            [], "--transport", transport, "--backends-file", file, "--algorithm", "roundrobin", "--admin", _socket);
        TestConnection[] clients = await ConnectManyAsync(lbtcp, 4);
        foreach (TestConnection client in clients)
        {
            await client.SendAsync("ping");
            Assert.Equal("ping", await client.ReceiveTextAsync(4));
        }

        JsonNode state = JsonNode.Parse(await RunAsync("status", "--json"))!;
        Assert.Equal(4, (int)state["process"]!["open"]!);
        Assert.Equal([2, 2], state["backends"]!.AsArray().Select(backend => (int)backend!["traffic"]!["open"]!));

        Assert.Contains("first", await RunAsync("drain", "first"), StringComparison.Ordinal);
        for (int i = 0; i < 6; i++)
            await AssertIsEchoedAsync(lbtcp);
        Assert.Equal((2, 8), (first.Accepted, second.Accepted));

        _ = await RunAsync("connections", "--backend", "first", "--kill", "--yes");
        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(8);
        Assert.Equal(2, ends.Count(end => end["reason"] == "admin_closed" && end["backend"] == "first"));

        _ = _directory.Write("backends.txt", $"{second.EndPoint} name=second\n");
        _ = await RunAsync("reload");
        Assert.DoesNotContain("first", await RunAsync("status"), StringComparison.Ordinal);

        lbtcp.Signal(Posix.SigTerm);
        await lbtcp.RecordAsync(EventIds.Draining);
        foreach (TestConnection client in clients)
            client.Dispose();
        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.False(File.Exists(_directory["admin.sock"]));
        Assert.Empty(lbtcp.Records(EventIds.AdminAcceptFailed));
        IsServingAtEnd = false; // it has ended
    }

    [Fact]
    public async Task Stop_StreamAndListThatNobodyReads_EndsWithoutDelay()
    {
        LbTcpProcess lbtcp = await StartAsync(Backend(Behaviours.EchoAsync), "--admin", _socket);
        using Socket stream = await RequestAsync("state/stream?interval=250ms");
        using Socket list = await RequestAsync("connections?limit=1000000");
        Assert.NotEqual(0, await stream.ReceiveAsync(new byte[1]).Done());
        lbtcp.Signal(Posix.SigTerm);
        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        IsServingAtEnd = false; // it has ended
    }

    [Fact]
    public async Task NoAdmin_NothingOfItIsStarted()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess without = await StartAsync(backend);
        LbTcpProcess with = await StartAsync(backend, "--admin", _socket);
        await AssertIsEchoedAsync(without);
        await AssertIsEchoedAsync(with);
        _ = await RunAsync("status"); // has taken its route through the endpoint

        Assert.Empty(PartsOf(without));
        Assert.NotEmpty(PartsOf(with)); // what is looked for can be found
        Assert.Equal(SocketsOf(without) + 1, SocketsOf(with));
    }

    // Threads by their names, and the assemblies of a build that is not native.
    private static IReadOnlyList<string> PartsOf(LbTcpProcess lbtcp) =>
    [
        .. Directory.GetDirectories($"/proc/{lbtcp.Id}/task").Select(task => File.ReadAllText($"{task}/comm").Trim())
            .Where(name => name.StartsWith("Kestrel", StringComparison.Ordinal)
                || name.StartsWith("OpenTelemetry", StringComparison.Ordinal)),
        .. File.ReadLines($"/proc/{lbtcp.Id}/maps").Select(line => Path.GetFileName(line))
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("OpenTelemetry", StringComparison.Ordinal)).Distinct(),
    ];

    private static int SocketsOf(LbTcpProcess lbtcp) => lbtcp.Facts.Descriptors.Values.Count(ProcessFacts.IsSocket);

    private async Task<string> RunAsync(params string[] verb)
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync([.. verb, "--admin", _socket]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run.Output;
    }

    private async Task<Socket> RequestAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_directory["admin.sock"]));
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return socket;
    }
}
