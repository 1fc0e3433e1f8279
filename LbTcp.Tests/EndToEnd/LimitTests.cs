using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>
/// Backends with a limit of connections, backends that clients cannot reach, and what becomes of the connections of those that go down.
/// </summary>
public sealed class LimitTests : EndToEndScenario
{
    [Theory, ClassData(typeof(TransportNames))]
    public async Task MaxConnections_MoreClients_AreServedOneAfterTheOther(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(
            [], "--transport", transport, "--queue-timeout", "1m", "--backends", $"{backend.EndPoint},max_connections=1");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AssertIsEchoedAsync(lbtcp)));

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(40);
        Assert.InRange(backend.MostAtOnce, 1, 2); // the last one may not have been seen to close yet
        Assert.Contains(ends, end => end["queue"] is not null);
        Assert.All(ends, end => Assert.Equal("completed", end["reason"]));
    }

    [Fact]
    public async Task MaxConnections_NoSlotInTime_ClientIsReset()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync([], "--queue-timeout", "200ms", "--backends", $"{backend.EndPoint},max_connections=1");
        TestConnection first = await ConnectAsync(lbtcp);
        await EchoByteAsync(first);

        TestConnection second = await ConnectAsync(lbtcp);
        Assert.Equal(0, await second.ReceiveToResetAsync());

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("queue_timeout", "lbtcp", "1"), (end["reason"], end["ended_by"], end["queue_length"]));
        first.Close();
    }

    [Fact]
    public async Task RefusedClients_WithoutChecks_EjectTheBackendForAWhile()
    {
        TestBackend gone = Backend(Behaviours.EchoAsync);
        TestBackend steady = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync([gone.EndPoint, steady.EndPoint], ["--ejection-time", "300ms"]);

        gone.GoDown();
        for (int i = 0; i < 6; i++)
            await AssertIsEchoedAsync(lbtcp);
        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        gone.ComeUp();
        JsonLogRecord up = await lbtcp.RecordAsync(EventIds.BackendUp);

        Assert.Equal(
            (gone.EndPoint.ToString(), "3", "connection refused for clients, ejected for 300ms"),
            (down["backend"], down["failures"], down["reason"]));
        Assert.Equal(
            (gone.EndPoint.ToString(), "the ejection is over"), (up["backend"], up["reason"]));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task OnDownClose_BackendGoesDown_ItsConnectionsAreResetAndTheOutageIsLogged(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(
            backend, "--transport", transport, "--check", "tcp", "--check-interval", "80ms",
            "--on-down", "close", "--close-spread", "200ms");
        TestConnection client = await ConnectAsync(lbtcp);
        await EchoByteAsync(client);

        backend.GoDown();
        Assert.Equal(0, await client.ReceiveToResetAsync());

        Assert.Equal("backend_down", (await lbtcp.EndRecordAsync())["reason"]);
        Assert.Equal("a reset", (await lbtcp.RecordAsync(EventIds.AllBackendsDown))["clients_get"]);
        backend.ComeUp();
        _ = await lbtcp.RecordAsync(EventIds.AllBackendsDownEnded);
    }

    private static async Task EchoByteAsync(TestConnection client)
    {
        await client.SendAsync("x");
        Assert.Equal("x", await client.ReceiveTextAsync(1));
    }
}
