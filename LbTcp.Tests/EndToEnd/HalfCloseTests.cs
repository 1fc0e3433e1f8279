using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The end of one direction reaches the other side as what it was, FIN or RST, and leaves the opposite direction alone.</summary>
public sealed class HalfCloseTests : EndToEndScenario
{
    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientFinishesSending_BackendAnswersAfterTheEnd_ClientGetsTheAnswer(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        await client.SendAsync("ping");
        client.FinishSending();
        Assert.Equal("ping", await served.ReceiveTextToEndAsync());
        await served.SendAsync("pong!");
        served.Close();

        Assert.Equal("pong!", await client.ReceiveTextToEndAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "client", 4, 5), (end["reason"], end["ended_by"], end.Number("sent"), end.Number("received")));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task BackendFinishesSending_ClientSendsOn_BackendGetsAll(string transport)
    {
        byte[] upload = Payload.Random(4 * 1024 * 1024);
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        served.FinishSending();
        Assert.Empty(await client.ReceiveToEndAsync());
        Task<byte[]> received = served.ReceiveToEndAsync();
        await client.SendAsync(upload);
        client.FinishSending();

        Assert.Equal(Payload.Hash(upload), Payload.Hash(await received));
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "backend"), (end["reason"], end["ended_by"]));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientFinishesSending_BothGoSilent_EndsAtTheHalfCloseTimeout(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--half-close-timeout", "300ms");
        var (client, served) = await ConnectAsync(lbtcp, backend);

        client.FinishSending();

        Assert.Empty(await served.ReceiveToEndAsync());
        Assert.Equal(0, await client.ReceiveToResetAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("half_close_timeout", "lbtcp"), (end["reason"], end["ended_by"]));
        Assert.InRange(end.Number("duration"), 0.3, 10);
        await Until.TrueAsync(
            () => !TcpTable.Read().Any(socket => socket.State is TcpState.CloseWait or TcpState.FinWait2
                && (socket.Local.Port == lbtcp.EndPoint.Port || socket.Remote.Port == backend.EndPoint.Port)),
            "no half-closed socket is left");
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientFinishesSending_AnswerTricklesPastTheTimeout_ArrivesWhole(string transport)
    {
        const int Bytes = 10;
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--half-close-timeout", "4s");
        var (client, served) = await ConnectAsync(lbtcp, backend);

        client.FinishSending();
        Assert.Empty(await served.ReceiveToEndAsync());
        await Pace.EveryAsync(TimeSpan.FromMilliseconds(500), Bytes, () => served.SendAsync("."));
        served.Close();

        Assert.Equal(Bytes, (await client.ReceiveToEndAsync()).Length);
        Assert.Equal("completed", (await lbtcp.EndRecordAsync())["reason"]);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientResets_InTheMiddleOfAnAnswer_BackendIsReset(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        await served.SendAsync(Payload.Random(100_000));
        await client.ReceiveAsync(50_000);
        client.Reset();

        Assert.Equal(0, await served.ReceiveToResetAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("client_reset", "client"), (end["reason"], end["ended_by"]));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientResets_WhileTheBackendIsStuckSending_BackendIsReset(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend, receiveBuffer: 16 * 1024);
        Task sending = served.SendAsync(Payload.Random(128 * 1024 * 1024));
        await Until.UnchangedAsync(() => served.Sent, TimeSpan.FromMilliseconds(200));

        client.Reset();

        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => sending);
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("client_reset", "client"), (end["reason"], end["ended_by"]));
        Assert.InRange(end.Number("undelivered"), 1, long.MaxValue);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task BackendResets_AfterPartOfAnAnswer_ClientGetsThatPartAndNoCleanEnd(string transport)
    {
        const int Part = 100_000;
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        await client.SendAsync("x");
        _ = await served.ReceiveAsync(1); // lbtcp has noticed that the backend accepted: otherwise a reset is a failed dial
        await served.SendAsync(Payload.Random(Part));
        await Until.TrueAsync(() => TcpTable.Read().Single(socket => socket.Local.Equals(served.LocalEndPoint)
            && socket.State == TcpState.Established).Unacknowledged == 0, "the part to have arrived at lbtcp");
        served.Reset();

        Assert.Equal(Part, await client.ReceiveToResetAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("backend_reset", "backend", Part), (end["reason"], end["ended_by"], end.Number("received")));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task BackendResets_AfterTheClientFinishedSending_ClientSeesTheReset(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        client.FinishSending();
        Assert.Empty(await served.ReceiveToEndAsync());
        served.Reset();

        Assert.Equal(0, await client.ReceiveToResetAsync());
        Assert.Equal("backend_reset", (await lbtcp.EndRecordAsync())["reason"]);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task BackendFinished_ClientKeepsItsSideOpen_BackendIsFreeForOthers(string transport)
    {
        TestBackend backend = Backend(Behaviours.Banner("bye"));
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--half-close-timeout", "1h");
        TestConnection client = await ConnectAsync(lbtcp);

        Assert.Equal("bye", await client.ReceiveTextAsync(3));
        client.FinishSending();

        Assert.Empty(await client.ReceiveToEndAsync());
        Assert.Equal("completed", (await lbtcp.EndRecordAsync())["reason"]);
    }
}
