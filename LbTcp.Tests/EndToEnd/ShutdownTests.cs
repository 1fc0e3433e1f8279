using System.Diagnostics;
using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>How the program stops, and what happens to its clients.</summary>
public sealed class ShutdownTests : EndToEndScenario
{
    [Theory]
    [InlineData(Posix.SigTerm)]
    [InlineData(Posix.SigInt)]
    [InlineData(Posix.SigQuit)]
    public async Task Stop_NoConnections_EndsAtOnceAndLeavesThePort(int signal)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend);
        await AssertIsEchoedAsync(lbtcp);
        await lbtcp.EndRecordAsync();

        var clock = Stopwatch.StartNew();
        lbtcp.Signal(signal);

        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await AssertIsRefusedAsync(lbtcp);
        Assert.Equal(EventIds.Stopped, new JsonLogRecord(lbtcp.Lines[^1]).Event);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Stop_TransferIsRunning_RefusesNewClientsAndLetsItFinish(string transport)
    {
        byte[] answer = Payload.Random(1024 * 1024);
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        lbtcp.Signal(Posix.SigTerm);
        JsonLogRecord draining = await lbtcp.RecordAsync(EventIds.Draining);
        await AssertIsRefusedAsync(lbtcp);
        JsonLogRecord progress = await lbtcp.RecordAsync(EventIds.DrainProgress);
        Task<byte[]> received = client.ReceiveToEndAsync();
        await served.SendAsync(answer);
        served.Close();
        Assert.Equal(Payload.Hash(answer), Payload.Hash(await received));
        client.Close();

        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.Equal(("1", "1"), (draining["connections"], progress["connections"]));
        Assert.Equal("completed", (await lbtcp.EndRecordAsync())["reason"]);
        JsonLogRecord drained = Assert.Single(lbtcp.Records(EventIds.Drained));
        Assert.Equal(("1", "0"), (drained["completed"], drained["cut"]));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Stop_ClientsAreInTheSystemsQueue_ServesThem(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        lbtcp.Signal(Posix.SigStop);
        TestConnection[] clients = await ConnectManyAsync(lbtcp, 100);

        lbtcp.Signal(Posix.SigTerm);
        lbtcp.Signal(Posix.SigCont);

        foreach (TestConnection client in clients)
        {
            await client.SendAsync("ping");
            client.FinishSending();
            Assert.Equal("ping", await client.ReceiveTextToEndAsync());
        }

        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.Equal(100, lbtcp.Records(EventIds.ConnectionClosed).Count);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Stop_SessionsNeverEnd_CutsThemAtTheDrainTimeout(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--drain-timeout", "500ms");
        var (client, served) = await ConnectAsync(lbtcp, backend);
        await ConnectAsync(lbtcp, backend);

        lbtcp.Signal(Posix.SigTerm);

        Assert.Equal(0, await client.ReceiveToResetAsync());
        Assert.Equal(0, await served.ReceiveToResetAsync());
        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.All(
            lbtcp.Records(EventIds.ConnectionClosed), end => Assert.Equal(("drain_timeout", "lbtcp"), (end["reason"], end["ended_by"])));
        JsonLogRecord drained = Assert.Single(lbtcp.Records(EventIds.Drained));
        Assert.Equal(("0", "2"), (drained["completed"], drained["cut"]));
        Assert.InRange(drained.Number("duration"), 0.45, 5);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Stop_BytesAreStuckBeforeASlowClient_AreCountedAsUndelivered(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--drain-timeout", "200ms");
        var (_, served) = await ConnectAsync(lbtcp, backend, receiveBuffer: 16 * 1024);
        Task sending = served.SendAsync(new byte[128 * 1024 * 1024]);
        await Until.UnchangedAsync(() => served.Sent, TimeSpan.FromMilliseconds(200));

        lbtcp.Signal(Posix.SigTerm);

        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        await Assert.ThrowsAsync<SocketException>(() => sending);
        Assert.InRange((await lbtcp.EndRecordAsync()).Number("undelivered"), 1, long.MaxValue);
    }

    [Theory]
    [InlineData(Posix.SigTerm)]
    [InlineData(Posix.SigInt)]
    public async Task Stop_Again_EndsAtOnce(int second)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--drain-timeout", "10m");
        var (client, _) = await ConnectAsync(lbtcp, backend);

        lbtcp.Signal(Posix.SigTerm);
        await lbtcp.RecordAsync(EventIds.Draining);
        var clock = Stopwatch.StartNew();
        lbtcp.Signal(second);

        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(0, await client.ReceiveToResetAsync());
        Assert.Equal("drain_timeout", (await lbtcp.EndRecordAsync())["reason"]);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Stop_ClientsWaitBeyondTheLimit_AreResetInsteadOfLeftWaiting(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--max-connections", "1", "--drain-timeout", "10m");
        var (served, _) = await ConnectAsync(lbtcp, backend);
        TestConnection waiting = await ConnectAsync(lbtcp);
        await lbtcp.RecordAsync(EventIds.ConnectionLimitReached);

        lbtcp.Signal(Posix.SigTerm);

        Assert.Equal(0, await waiting.ReceiveToResetAsync());
        served.Reset();
        Assert.Equal(0, await lbtcp.ExitCodeAsync());
    }

    // Ejections end during a drain, as clients may wait for the backend.
    [Fact]
    public async Task Stop_ClientWaitsForAnEjectedBackend_IsServedWhenItReturns()
    {
        TestBackend ejected = Backend(Behaviours.EchoAsync);
        TestBackend full = Backend(Behaviours.EchoAsync);
        ejected.GoDown();
        LbTcpProcess lbtcp = await StartAsync(
            [], "--passive-fall", "1", "--ejection-time", "1s", "--queue-timeout", "1m", "--drain-timeout", "10m",
            "--backends", $"{ejected.EndPoint}", $"{full.EndPoint},max_connections=1");
        TestConnection first = await ConnectAsync(lbtcp);
        await lbtcp.RecordAsync(EventIds.BackendDown);
        ejected.ComeUp();
        await Until.TrueAsync(() => full.Accepted == 1, "the first client has the only slot");
        TestConnection waiting = await ConnectAsync(lbtcp);
        await Until.TrueAsync(() => lbtcp.Facts.Connections >= 3, "the second client is accepted");

        lbtcp.Signal(Posix.SigTerm);
        Assert.Equal("2", (await lbtcp.RecordAsync(EventIds.Draining))["connections"]);
        await waiting.SendAsync("x");
        Assert.Equal("x", await waiting.ReceiveTextAsync(1));

        Assert.Equal("the ejection is over", (await lbtcp.RecordAsync(EventIds.BackendUp))["reason"]);
        waiting.Close();
        first.Close();
        Assert.Equal(0, await lbtcp.ExitCodeAsync());
    }

    [Fact]
    public async Task SecondInstance_OnTheSamePort_IsRefused()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend);

        ProgramRun second = await ProgramRun.OfLbTcpAsync("--listen", $"{lbtcp.EndPoint}", "--backends", $"{backend.EndPoint}");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"{lbtcp.EndPoint}", second.Error, StringComparison.Ordinal);
        Assert.Contains("in use", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_WithOpenConnections_StartsAgainOnTheSamePort()
    {
        using var port = new ReservedPort();
        TestBackend backend = Backend();
        using (LbTcpProcess killed = await LbTcpProcess.StartAsync(Arguments([backend.EndPoint], "--listen", $"{port.EndPoint}")))
        {
            await ConnectAsync(killed, backend);
            killed.Signal(Posix.SigKill);
            await killed.ExitCodeAsync();
        }

        LbTcpProcess lbtcp = await StartAsync(backend, "--listen", $"{port.EndPoint}");

        Assert.Equal(port.EndPoint, lbtcp.EndPoint);
    }

    private static async Task AssertIsRefusedAsync(LbTcpProcess lbtcp)
    {
        SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => TestConnection.ConnectAsync(lbtcp.EndPoint));
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
    }
}
