using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>More clients than there is room for, and clients that waste it.</summary>
public sealed class OverloadTests : EndToEndScenario
{
    [Theory, ClassData(typeof(TransportNames))]
    public async Task ConnectionLimit_IsReached_OthersWaitAndExistingClientsGoOn(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--max-connections", "3");
        var (first, _) = await ConnectAsync(lbtcp, backend);
        var (second, servedSecond) = await ConnectAsync(lbtcp, backend);
        await ConnectAsync(lbtcp, backend);

        TestConnection fourth = await ConnectAsync(lbtcp);
        await fourth.SendAsync("4");
        await lbtcp.RecordAsync(EventIds.ConnectionLimitReached);
        await second.SendAsync("2");
        Assert.Equal("2", await servedSecond.ReceiveTextAsync(1));
        Assert.Equal(3, backend.Accepted);
        first.Reset();

        Assert.Equal("4", await (await backend.AcceptAsync()).ReceiveTextAsync(1));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ConnectionLimit_IsOne_ClientsAreServedOneAfterTheOther(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--max-connections", "1");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AssertIsEchoedAsync(lbtcp)));

        Assert.InRange(backend.MostAtOnce, 1, 2); // the last one may not have been seen to close yet
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ManyConnectWhileTheProcessIsStopped_AllAreServedAfterwards(string transport)
    {
        TestBackend backend = Backend(Behaviours.Banner("!"));
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);

        lbtcp.Signal(Posix.SigStop);
        TestConnection[] clients = await ConnectManyAsync(lbtcp, 500);
        lbtcp.Signal(Posix.SigCont);

        foreach (TestConnection client in clients)
            Assert.Equal("!", await client.ReceiveTextAsync(1));
        IsServingAtEnd = false; // banners only
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task SilentClients_EndAtTheIdleTimeoutWhileOthersAreServed(string transport)
    {
        const int Silent = 100;
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--idle-timeout", "3s");

        TestConnection[] silent = await ConnectManyAsync(lbtcp, Silent);
        TestConnection active = await ConnectAsync(lbtcp);
        Task allEnd = Task.WhenAll(silent.Select(client => client.ReceiveToResetAsync()));
        await Pace.EveryAsync(TimeSpan.FromMilliseconds(300), 15, () => EchoByteAsync(active));
        await allEnd;
        await EchoByteAsync(active);

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(Silent);
        Assert.All(ends, end => Assert.Equal(("idle_timeout", "lbtcp"), (end["reason"], end["ended_by"])));
        Assert.All(ends, end => Assert.InRange(end.Number("duration"), 3, 15));
        Assert.Equal(Silent, ends.Count);
    }

    private static async Task EchoByteAsync(TestConnection client)
    {
        await client.SendAsync(".");
        Assert.Equal(".", await client.ReceiveTextAsync(1));
    }
}
