using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Hosting;

/// <summary>Services and ports that come and go while clients are served.</summary>
public sealed class RunningConfigurationTests : IDisposable
{
    private readonly TestBackend _backend = new(Behaviours.EchoAsync);

    public static TheoryData<string> TransportNames => new TransportNames();

    private string Backend => $"{_backend.EndPoint}";

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task ApplyAsync_ServiceIsAdded_ServesAndNamesTheServices(string transport)
    {
        await using RunningProcess process = await RunningProcess.StartAsync(transport, Service("a", "127.0.0.1"));
        Socket first = await process.ConnectAsync("127.0.0.1");
        await RunningProcess.AssertEchoesAsync(first);

        HostPlan plan = await process.ApplyAsync(Service("a", "127.0.0.1"), Service("b", "127.0.0.2"));
        Socket second = await process.ConnectAsync("127.0.0.2");
        await RunningProcess.AssertEchoesAsync(second);
        first.Shutdown(SocketShutdown.Send);
        _ = process.Records(EventIds.ConnectionClosed, 1);
        second.Shutdown(SocketShutdown.Send);

        Assert.Equal([ServiceChangeKind.Unchanged, ServiceChangeKind.Added], plan.Services.Select(service => service.Kind));
        Assert.Equal([null, "b"], process.Records(EventIds.Listening, 2).Select(record => record["service"]));
        Assert.Equal(["a", "b"], process.Records(EventIds.ConnectionClosed, 2).Select(record => record["service"]));
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task ApplyAsync_ServiceIsRemoved_RefusesClientsAndLetsConnectionsFinish(string transport)
    {
        await using RunningProcess process = await RunningProcess.StartAsync(
            transport, Service("a", "127.0.0.1"), Service("b", "127.0.0.2"));
        Socket client = await process.ConnectAsync("127.0.0.2");
        await RunningProcess.AssertEchoesAsync(client);

        _ = await process.ApplyAsync(Service("a", "127.0.0.1"));

        _ = await Assert.ThrowsAsync<SocketException>(() => process.ConnectAsync("127.0.0.2"));
        Assert.Equal("b", process.Records(EventIds.Draining, 1)[0]["service"]);
        await RunningProcess.AssertEchoesAsync(client);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("1", process.Records(EventIds.Drained, 1)[0]["completed"]);
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("127.0.0.1"));
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task ApplyAsync_ServicesSwapTheirAddresses_HandsThePortsOver(string transport)
    {
        using var other = new TestBackend(Behaviours.Banner("other"));
        ServiceOptions b = RunningProcess.Service("b", ["127.0.0.2"], $"{other.EndPoint}");
        await using RunningProcess process = await RunningProcess.StartAsync(transport, Service("a", "127.0.0.1"), b);

        HostPlan plan = await process.ApplyAsync(
            Service("a", "127.0.0.2"), b with { Listen = [new ListenAddress("127.0.0.1", 0)] });

        Assert.All(plan.Services, service => Assert.Equal(ServiceChangeKind.Changed, service.Kind));
        for (int i = 0; i < 10; i++)
            await RunningProcess.AssertEchoesAsync(await OfOldPortAsync("127.0.0.2"));
        Assert.Equal("other"u8.ToArray(), await (await OfOldPortAsync("127.0.0.1")).ReceiveExactlyAsync(5));
        Assert.Empty(process.Records(EventIds.ListeningEnded, 0));

        Task<Socket> OfOldPortAsync(string address) => process.ConnectAsync(address);
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task ApplyAsync_ListenersComeAndGo_ConnectionsContinue(string transport)
    {
        await using RunningProcess process = await RunningProcess.StartAsync(transport, Service("a", "127.0.0.1"));
        Socket client = await process.ConnectAsync("127.0.0.1");
        await RunningProcess.AssertEchoesAsync(client);

        HostPlan plan = await process.ApplyAsync(Service("a", "127.0.0.2", "127.0.0.3"));

        ServicePlan service = Assert.Single(plan.Services);
        Assert.Equal(["127.0.0.2:0", "127.0.0.3:0"], service.Opened.Select(address => $"{address}"));
        Assert.Equal(["127.0.0.1:0"], service.Closed.Select(address => $"{address}"));
        Assert.Equal($"{process.AddressOf("127.0.0.1")}", Assert.Single(process.Records(EventIds.ListeningEnded, 1))["address"]);
        _ = await Assert.ThrowsAsync<SocketException>(() => process.ConnectAsync("127.0.0.1"));
        await RunningProcess.AssertEchoesAsync(client);
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("127.0.0.3"));
    }

    [Fact]
    public async Task ApplyAsync_AnAddressCannotBeListenedOn_ChangesNothing()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service("a", "127.0.0.1"));

        string refusal = await process.RefuseAsync(RunningProcess.Options(
            Service("a", "127.0.0.2") with { Algorithm = Algorithm.First }, Service("b", "192.0.2.1")));

        Assert.Equal("Cannot listen on 192.0.2.1:0: this host does not have the address.", refusal);
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("127.0.0.1"));
        Assert.Single(process.Records(EventIds.Listening, 1));
        HostPlan again = await process.ApplyAsync(Service("a", "127.0.0.1"));
        Assert.True(again.IsEmpty);
    }

    [Fact]
    public async Task ApplyAsync_AddressOverlapsWithAnOpenOne_SaysSo()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service("a", "127.0.0.1"));
        int port = process.AddressOf("127.0.0.1").Port;

        string refusal = await process.RefuseAsync(
            RunningProcess.Options(Service("a", "127.0.0.1") with { Listen = [new ListenAddress(null, port)] }));

        Assert.Equal(
            $"Cannot listen on [::]:{port}: lbtcp listens on 127.0.0.1:{port}, which overlaps. Use another port, or restart.", refusal);
    }

    [Fact]
    public async Task ApplyAsync_BackendIsAListenAddressOfAnyService_IsRefused()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service("a", "127.0.0.1"));
        string own = $"{process.AddressOf("127.0.0.1")}";

        string refusal = await process.RefuseAsync(RunningProcess.Options(
            Service("a", "127.0.0.1"), RunningProcess.Service("b", ["127.0.0.2"], own)));

        Assert.StartsWith($"The backend {own} is an address that lbtcp itself listens on", refusal, StringComparison.Ordinal);
        string ofTheSame = await process.RefuseAsync(RunningProcess.Options(RunningProcess.Service("a", ["127.0.0.1"], Backend, own)));
        Assert.StartsWith($"The backend {own} is an address that lbtcp itself listens on", ofTheSame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_SettingThatCannotChange_IsRefusedByNameAndNothingChanges()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service("a", "127.0.0.1"));
        HostOptions next = RunningProcess.Options(Service("a", "127.0.0.1"), Service("b", "127.0.0.2"));

        ApplyResult result = await process.TryApplyAsync(
            next with { TransportKind = TransportKind.Sockets, LogFormat = LogFormat.Json });

        Assert.Equal(
            ["transport cannot change while running; restart lbtcp.", "log_format cannot change while running; restart lbtcp."],
            result.Refusals);
        Assert.Single(process.Records(EventIds.Listening, 1));
    }

    [Fact]
    public async Task ApplyAsync_SettingsOfTheProcess_ApplyAtOnce()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service("a", "127.0.0.1"));

        HostPlan plan = await process.ApplyAsync(
            RunningProcess.Options(Service("a", "127.0.0.1")) with { MaxConnections = 7, LogLevel = LogLevel.Warning });
        _ = await process.ApplyAsync(
            RunningProcess.Options(Service("a", "127.0.0.1", "127.0.0.2")) with { MaxConnections = 7, LogLevel = LogLevel.Information });

        Assert.Equal(
            [("max_connections", "from the descriptor limit", "7"), ("log_level", "info", "warn")],
            plan.Settings.Select(setting => (setting.Name, setting.Old, setting.New)));
        Assert.Equal(7, process.Limits.Slots.Limit);
        Assert.Equal(2, process.Records(EventIds.Listening, 2).Length); // a lower level applies to the records of its own reload
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task ApplyAsync_ManyReloadsUnderLoad_FailNoClient(string transport)
    {
        using var other = new TestBackend(Behaviours.EchoAsync);
        ServiceOptions[] states =
        [
            RunningProcess.Service("a", ["127.0.0.1"], Backend),
            RunningProcess.Service("a", ["127.0.0.1", "127.0.0.2"], Backend, $"{other.EndPoint}") with { Algorithm = Algorithm.LeastConn },
            RunningProcess.Service("a", ["127.0.0.1"], $"{other.EndPoint} weight=2") with { SlowStartTime = TimeSpan.FromSeconds(1) },
        ];
        await using RunningProcess process = await RunningProcess.StartAsync(transport, states[0]);
        using var done = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => EchoUntilAsync(process, done.Token)))];

        for (int i = 1; i <= 300; i++)
            _ = await process.ApplyAsync(states[i % states.Length]);
        await done.CancelAsync();

        Assert.All(await Task.WhenAll(clients).Done(), count => Assert.NotEqual(0, count));
    }

    private static async Task<int> EchoUntilAsync(RunningProcess process, CancellationToken done)
    {
        System.Net.IPEndPoint address = process.AddressOf("127.0.0.1");
        int count = 0;
        for (; count == 0 || !done.IsCancellationRequested; count++)
        {
            using Socket client = await RawSockets.ConnectAsync(address);
            await RunningProcess.AssertEchoesAsync(client);
        }

        return count;
    }

    private ServiceOptions Service(string name, params string[] listen) => RunningProcess.Service(name, listen, Backend);
}
