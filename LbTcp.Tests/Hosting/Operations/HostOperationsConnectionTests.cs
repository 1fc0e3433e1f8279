using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.Hosting.Operations;

/// <summary>The connections and the traffic that an operator sees, with a real process.</summary>
public sealed class HostOperationsConnectionTests : IDisposable
{
    private static readonly Requester _operator = new("local", "127.0.0.1:5");

    private readonly TestBackend _backend = new(Behaviours.EchoAsync);

    public static TheoryData<string> TransportNames => new TransportNames();

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task CloseConnection_Open_ResetsTheClientAndIsLogged(string transport)
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync(transport, Service("web"));
        Socket client = await process.ConnectAsync("web");
        await RunningProcess.AssertEchoesAsync(client);
        await Until.TrueAsync(
            () => process.View.ReadConnections(new ConnectionFilter()).Any(open => open.BytesOut == 1), "what was sent is counted");
        ConnectionStatus status = Assert.Single(process.View.ReadConnections(new ConnectionFilter()));
        Assert.Equal(
            ("web", $"{client.LocalEndPoint}", "web1", $"{_backend.EndPoint}", ConnectionState.Open, 1L, 1L),
            (status.Service, status.Client, status.Backend, status.Address, status.State, status.BytesIn, status.BytesOut));

        ChangeResult closed = process.Control.CloseConnection(Convert.ToInt64(status.Id, 16), _operator);

        Assert.Equal(ChangeStatus.Done, closed.Status);
        SocketException reset = await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1]).Done());
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        _ = process.WaitForLog("reason=admin_closed");
        await Until.TrueAsync(() => !process.View.ReadConnections(new ConnectionFilter()).Any(), "the connection has ended");
        Assert.Null(process.View.ReadConnection(Convert.ToInt64(status.Id, 16)));
        EventRecord record = Assert.Single(process.View.Events.After(0), record => record.Code == EventIds.CloseRequested);
        Assert.Equal(("web", "web1"), (record.Service, record.Backend));
        Assert.Contains(new KeyValuePair<string, string>("by", "local"), record.Fields);
        Assert.Equal(ChangeStatus.NotFound, process.Control.CloseConnection(Convert.ToInt64(status.Id, 16), _operator).Status);
    }

    [Fact]
    public async Task ReadConnection_DialsFailedBefore_SaysWhichAndWhy()
    {
        using var down = new TestBackend(Behaviours.EchoAsync);
        down.GoDown();
        ServiceOptions service = RunningProcess.Service(
            "web", ["127.0.0.1"], $"{down.EndPoint} name=web0", $"{_backend.EndPoint} name=web1") with
        {
            Algorithm = Algorithm.First,
            PassiveHealth = new PassiveHealthOptions { Fall = 0 },
        };
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", service);
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("web"));

        ConnectionDetail detail = Assert.IsType<ConnectionDetail>(process.View.ReadConnection(1));

        Assert.Equal([new AttemptStatus("web0", "connection refused")], detail.FailedAttempts);
        Assert.Equal(
            ["web0 was tried before and failed: connection refused", "web1 was picked by first, one of 2 that were available"],
            detail.PickReasons);
        Assert.NotNull(detail.Connect);
        Assert.Null(detail.Queue);
    }

    [Fact]
    public async Task ReadConnections_SeveralServices_AreInTheOrderOfTheirIdsAndFiltered()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Service("a"), Service("b"));
        foreach (string service in (string[])["a", "b", "a"])
            await RunningProcess.AssertEchoesAsync(await process.ConnectAsync(service));

        Assert.Equal(["1a", "2b", "3a"], Read(new ConnectionFilter()));
        Assert.Equal(["2b", "3a"], Read(new ConnectionFilter { After = 1 }));
        Assert.Equal(["1a", "3a"], Read(new ConnectionFilter { Service = "a" }));
        Assert.Equal(3, Read(new ConnectionFilter { Backend = "web1", Client = IPNetwork.Parse("127.0.0.0/8") }).Length);
        Assert.Equal(3, Read(new ConnectionFilter { Backend = $"http://{_backend.EndPoint}" }).Length);
        Assert.Empty(Read(new ConnectionFilter { Client = IPNetwork.Parse("10.0.0.0/8") }));
        Assert.Empty(Read(new ConnectionFilter { Backend = "web2" }));
        Assert.Empty(Read(new ConnectionFilter { Idle = TimeSpan.FromHours(1) }));

        string[] Read(ConnectionFilter filter) => [.. process.View.ReadConnections(filter).Select(status => status.Id + status.Service)];
    }

    [Fact]
    public async Task ReadConnections_ServiceWasRemoved_HasThemWhileTheyDrain()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Service("a"), Service("b"));
        Socket client = await process.ConnectAsync("b");
        await RunningProcess.AssertEchoesAsync(client);
        HostOptions options = process.Configuration.Options!;
        process.Configuration = new ConfigurationResult(options with { Services = [options.Services[0]] }, [], []);

        ReloadReport reload = await process.Control.ReloadAsync(dryRun: false, _operator, CancellationToken.None);

        Assert.True(reload.Applied);
        Assert.Equal(["a"], process.View.ReadServices().Select(service => service.Name));
        ConnectionStatus status = Assert.Single(process.View.ReadConnections(new ConnectionFilter()));
        Assert.Equal(("b", "web1"), (status.Service, status.Backend));
        Assert.NotNull(process.View.ReadConnection(1));
        Assert.Equal(ChangeStatus.Done, process.Control.CloseConnection(1, _operator).Status);
        await Until.TrueAsync(() => !process.View.ReadConnections(new ConnectionFilter()).Any(), "the connection has ended");
    }

    [Fact]
    public async Task ReadCounts_ConnectionsHaveMovedBytes_CountsThem()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Service("web"));
        Socket client = await process.ConnectAsync("web");
        await RunningProcess.AssertEchoesAsync(client);
        client.Shutdown(SocketShutdown.Send);
        _ = process.WaitForLog("reason=completed");
        await Until.TrueAsync(() => Counts(process).Traffic.Ended[(int)ConnectionEndReason.Completed] == 1, "it is counted");

        BackendCounts counts = Counts(process);

        Assert.Equal((1, 1), (counts.BytesIn, counts.BytesOut));
        Assert.Equal(1, counts.Traffic.Attempts[(int)AttemptOutcome.Connected]);
        Assert.Equal((true, true, 1.0), (counts.IsHealthy, counts.IsAvailable, counts.EffectiveWeight));
        BackendDetail detail = Assert.IsType<BackendDetail>(process.View.ReadBackend("web", "web1"));
        Assert.Equal((1, (TimeSpan?)null), (detail.Completed, detail.OldestConnection));
        Assert.NotNull(process.View.ReadHistory(null));
        Assert.NotNull(process.View.ReadHistory("web"));
        Assert.Null(process.View.ReadHistory("wep"));
    }

    private static BackendCounts Counts(OperatedProcess process) =>
        Assert.Single(Assert.Single(process.View.ReadCounts().Services).Backends);

    private ServiceOptions Service(string name) => RunningProcess.Service(name, ["127.0.0.1"], $"{_backend.EndPoint} name=web1");
}
