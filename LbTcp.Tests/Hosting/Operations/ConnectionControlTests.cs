using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.Hosting.Operations;

/// <summary>Connections that an operator closes, with a real process.</summary>
public sealed class ConnectionControlTests : IDisposable
{
    private static readonly Requester _operator = new("uid 1000", "unix");

    private readonly TestBackend _web1 = new(Behaviours.EchoAsync);
    private readonly TestBackend _web2 = new(Behaviours.EchoAsync);

    public void Dispose()
    {
        _web1.Dispose();
        _web2.Dispose();
    }

    [Fact]
    public async Task CloseConnection_Open_IsResetAndLoggedWithTheRequester()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());
        Socket client = await process.ConnectAsync("web");
        await Until.TrueAsync(() => Opened(process) == 1, "the client is connected");

        Assert.Equal(ChangeStatus.Done, process.Control.CloseConnection(1, _operator).Status);

        SocketException reset = await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1]).Done());
        Assert.True(SocketErrors.IsReset(reset.SocketErrorCode));
        string log = process.WaitForLog("reason=admin_closed");
        Assert.Contains("connection close requested id=1 client=127.0.0.1:", log, StringComparison.Ordinal);
        Assert.Contains("by=\"uid 1000\" from=unix", log, StringComparison.Ordinal);
        await Until.TrueAsync(
            () => process.Control.CloseConnection(1, _operator).Status is ChangeStatus.NotFound, "the connection is gone");
    }

    [Fact]
    public async Task Rebalance_NotReconnectable_IsRefusedWithTheWayOut()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());

        RebalanceReport one = process.Control.Rebalance(new RebalanceRequest("web", 5, 0.1), _operator);
        RebalanceReport all = process.Control.Rebalance(new RebalanceRequest(null, 5, 0.1), _operator);
        RebalanceReport none = process.Control.Rebalance(new RebalanceRequest("mail", 5, 0.1), _operator);
        RebalanceReport zero = process.Control.Rebalance(new RebalanceRequest("web", 0, 0.1), _operator);

        Assert.Equal(
            (ChangeStatus.Refused, ChangeStatus.Refused, ChangeStatus.NotFound, ChangeStatus.Refused),
            (one.Result.Status, all.Result.Status, none.Result.Status, zero.Result.Status));
        Assert.Equal(
            "The service web is not reconnectable: set reconnectable=on for a service whose clients reconnect by themselves when their "
            + "connection is reset.",
            one.Result.Message);
    }

    [Fact]
    public async Task Rebalance_BackendInSurplus_ClosesConnectionsUntilNoneIs()
    {
        var forwarding = new ForwardingOptions { Reconnectable = true, HedgeAfter = TimeSpan.Zero };
        ServiceOptions web = Web() with { Algorithm = Algorithm.First, Forwarding = forwarding };
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", web);
        for (int i = 0; i < 4; i++)
            _ = await process.ConnectAsync("web");
        await Until.TrueAsync(() => Opened(process) == 4, "the clients are connected");

        RebalanceReport report = process.Control.Rebalance(new RebalanceRequest(null, 1_000, 0), _operator);

        Assert.Equal((ChangeStatus.Done, "Closing 2 connections, at most 1000 per second."), (report.Result.Status, report.Result.Message));
        Assert.Equal(new RebalanceStep("web", "web1", 4, 2, 2), Assert.Single(report.Steps));
        Assert.Equal(TimeSpan.FromMilliseconds(2), report.Duration);
        string log = process.WaitForLog("rebalance ended");
        Assert.Contains("rebalance requested planned=2 per_second=1000 tolerance=0", log, StringComparison.Ordinal);
        await Until.TrueAsync(
            () => process.WaitForLog("reason=rebalanced").Split("reason=rebalanced").Length - 1 == 2, "the records of both connections");
    }

    private static int Opened(OperatedProcess process) => process.View.ReadBackends("web").Sum(backend => backend.Traffic.Open);

    private ServiceOptions Web() => RunningProcess.Service(
        "web", ["127.0.0.1"], $"{_web1.EndPoint} name=web1", $"{_web2.EndPoint} name=web2");
}
