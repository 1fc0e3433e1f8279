using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Limits per client address, with clients from several of them, and clients that take too little.</summary>
public sealed class SourceLimitTests : EndToEndScenario
{
    private static readonly IPAddress _one = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress _other = IPAddress.Parse("127.0.0.3");

    [Theory, ClassData(typeof(TransportNames))]
    public async Task MaxConnectionsPerSource_OneSourceTakesAll_OthersAreServed(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--transport", transport, "--max-connections-per-source", "2");
        TestConnection[] open = [await ConnectAsync(lbtcp, _one), await ConnectAsync(lbtcp, _one)];
        foreach (TestConnection client in open)
            await EchoAsync(client);

        TestConnection refused = await ConnectAsync(lbtcp, _one);
        Assert.Equal(0, await refused.ReceiveToResetAsync());
        await AssertIsLoggedAsync(lbtcp, "source_limit");
        await EchoAsync(await ConnectAsync(lbtcp, _other));

        open[0].Close();
        await Until.TrueAsync(() => IsServedAsync(lbtcp, _one), () => "a client is served in its place");
    }

    [Fact]
    public async Task ConnectionRatePerSource_MoreThanTheBurst_AreReset()
    {
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--connection-rate-per-source", "1/h", "--connection-burst-per-source", "3");
        for (int i = 0; i < 3; i++)
            await EchoAsync(await ConnectAsync(lbtcp, _one));

        TestConnection refused = await ConnectAsync(lbtcp, _one);
        Assert.Equal(0, await refused.ReceiveToResetAsync());

        await AssertIsLoggedAsync(lbtcp, "rate_limit");
        await EchoAsync(await ConnectAsync(lbtcp, _other));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task OverLimitWait_MoreClients_AreServedOneAfterTheOther(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--transport", transport, "--max-connections-per-source", "1",
            "--connection-rate-per-source", "1000/s", "--connection-burst-per-source", "1",
            "--over-limit", "wait", "--queue-timeout", "1m");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AssertIsEchoedAsync(lbtcp)));

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(40);
        Assert.All(ends, end => Assert.Equal("completed", end["reason"]));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task OverLimitWait_NotAdmittedInTime_IsReset(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--transport", transport, "--max-connections-per-source", "1",
            "--over-limit", "wait", "--queue-timeout", "200ms");
        TestConnection open = await ConnectAsync(lbtcp, _one);
        await EchoAsync(open);

        TestConnection waiting = await ConnectAsync(lbtcp, _one);
        Assert.Equal(0, await waiting.ReceiveToResetAsync());

        await AssertIsLoggedAsync(lbtcp, "source_limit");
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Stop_ClientsWait_AreServedDuringTheDrainAndEndedWithIt(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--transport", transport, "--max-connections-per-source", "1",
            "--over-limit", "wait", "--queue-timeout", "1m", "--drain-timeout", "1m");
        TestConnection open = await ConnectAsync(lbtcp, _one);
        await EchoAsync(open);
        Task[] waiting = [EchoAsync(await ConnectAsync(lbtcp, _one)), EchoAsync(await ConnectAsync(lbtcp, _one))];

        lbtcp.Signal(Posix.SigTerm);
        open.Close();
        await await Task.WhenAny(waiting).Done(); // either of them
        lbtcp.Signal(Posix.SigTerm);
        _ = await Record.ExceptionAsync(() => Task.WhenAll(waiting).Done()); // the other may have its turn when the first is ended

        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.Equal(
            ["completed", "drain_timeout", "drain_timeout"],
            (await lbtcp.EndRecordsAsync(3)).Select(end => end["reason"]));
        IsServingAtEnd = false;
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task MinRate_ClientReadsNothing_IsResetAndOthersAreNot(string transport)
    {
        byte[] payload = new byte[16 * 1024 * 1024];
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--min-rate", "200KB/s");
        (_, TestConnection toSlow) = await ConnectAsync(lbtcp, backend, receiveBuffer: 64 * 1024);
        (TestConnection steady, TestConnection toSteady) = await ConnectAsync(lbtcp, backend);
        (TestConnection idle, TestConnection toIdle) = await ConnectAsync(lbtcp, backend);

        Task stuck = SendAsync(toSlow);
        Task sending = SendAsync(toSteady);
        await Until.TrueAsync(
            async () => await steady.ReceiveSomeAsync(new byte[64 * 1024]) > 0 && lbtcp.Records(EventIds.ConnectionClosed).Count > 0,
            () => "the end of the slow client", TimeSpan.FromMinutes(1));

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("client_too_slow", "lbtcp"), (end["reason"], end["ended_by"]));
        await toIdle.SendAsync("x");
        Assert.Equal("x", await idle.ReceiveTextAsync(1));
        steady.Reset();
        await Task.WhenAll(stuck, sending);
        IsServingAtEnd = false; // the test plays the backend

        async Task SendAsync(TestConnection to)
        {
            try
            {
                while (true)
                    await to.SendAsync(payload);
            }
            catch (Exception exception) when (exception is SocketException or TimeoutException)
            {
                // Its client was reset, or takes nothing until it is.
            }
        }
    }

    private static async Task AssertIsLoggedAsync(LbTcpProcess lbtcp, string reason)
    {
        JsonLogRecord refused = await lbtcp.RecordAsync(EventIds.ClientRefused);
        Assert.Equal((reason, "1"), (refused["reason"], refused["count"]));
        Assert.StartsWith($"{_one}:", refused["client"], StringComparison.Ordinal);
    }

    private static async ValueTask<bool> IsServedAsync(LbTcpProcess lbtcp, IPAddress from)
    {
        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint, from: from);
        try
        {
            await EchoAsync(client);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task EchoAsync(TestConnection client)
    {
        await client.SendAsync("x");
        Assert.Equal("x", await client.ReceiveTextAsync(1));
    }
}
