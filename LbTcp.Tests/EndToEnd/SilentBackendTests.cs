using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>
/// Backends that do not answer a dial, and the backends that are dialled beside them. The time limit of a dial is an hour, and the first
/// backend with a free slot is dialled first.
/// </summary>
public sealed class SilentBackendTests : EndToEndScenario
{
    private readonly AdminSocket _admin;
    private readonly BlackHole _silent;

    public SilentBackendTests()
    {
        _admin = Own(new AdminSocket());
        _silent = Own(new BlackHole());
        IsServingAtEnd = false; // every client would be dialled to the silent one first
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task FirstBackendAnswersAfterAll_ServesAndNoneIsBlamed(string transport)
    {
        BlackHole other = Own(new BlackHole());
        LbTcpProcess lbtcp = await StartAsync(
            transport, ["--passive-fall", "1"], $"{_silent.EndPoint},name=first", $"{other.EndPoint},name=other");
        using TestConnection client = await ConnectAsync(lbtcp);
        await Until.TrueAsync(() => other.Dials == 1, "a dial beside that of the first backend");

        using var served = new TestConnection(await _silent.OpenAsync());
        await AssertIsRelayedToEndAsync(client, served);

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "first"), (end["reason"], end["backend"]));
        Assert.DoesNotContain("first", end["attempts"] ?? "", StringComparison.Ordinal);
        await Until.TrueAsync(() => other.Dials == 0, "no dial is left");
        Assert.Equal((0, 1), (await _admin.CountHedgesAsync("won"), await _admin.CountHedgesAsync("lost")));
        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task OtherBackendIsFull_IsDialledWhenASlotIsFree(string transport)
    {
        (LbTcpProcess lbtcp, TestBackend other, TestConnection holder, TestConnection client) = await StartFullAsync(transport);

        holder.Reset();
        using TestConnection served = await other.AcceptAsync();
        await AssertIsRelayedToEndAsync(client, served);

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(2);
        Assert.All(ends, end => Assert.Equal(("other", "[\"first:no answer in 250ms\"]"), (end["backend"], end["attempts"])));
        Assert.Equal(2, await _admin.CountHedgesAsync("won"));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task OtherBackendIsFull_FirstAnswersAfterAll_Serves(string transport)
    {
        (LbTcpProcess lbtcp, TestBackend other, TestConnection holder, TestConnection client) = await StartFullAsync(transport);

        using var served = new TestConnection(await _silent.OpenAsync());
        await AssertIsRelayedToEndAsync(client, served);

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "first", null), (end["reason"], end["backend"], end["attempts"]));
        Assert.Equal(1, other.Accepted);
        holder.Close();
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientLeaves_WithSeveralDialsUnderWay_AllAreCancelled(string transport)
    {
        BlackHole other = Own(new BlackHole());
        LbTcpProcess lbtcp = await StartAsync(transport, ["--passive-fall", "1"], $"{_silent.EndPoint}", $"{other.EndPoint}");
        TestConnection client = await ConnectAsync(lbtcp);
        await Until.TrueAsync(() => (_silent.Dials, other.Dials) == (1, 1), "two dials");

        client.Reset();

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("client_reset", "client", null), (end["reason"], end["ended_by"], end["connect"]));
        await Until.TrueAsync(() => (_silent.Dials, other.Dials) == (0, 0), "no dial is left");
        Assert.Equal((0, 0), (await _admin.CountHedgesAsync("won"), await _admin.CountHedgesAsync("failed")));
        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [Theory, MemberData(nameof(TransportsAndDelays))]
    public async Task BackendGoesDownDuringTheDial_ClientGoesOnToAnotherAtOnce(string transport, string hedgeAfter)
    {
        TestBackend other = Backend();
        TestBackend check = Backend(Behaviours.EchoAsync); // answers the checks of the silent one
        LbTcpProcess lbtcp = await StartAsync(
            transport,
            ["--hedge-after", hedgeAfter, "--check", "tcp", "--check-interval", "80ms", "--fall", "2"],
            $"{_silent.EndPoint},name=first,check_port={check.EndPoint.Port}", $"{other.EndPoint},name=other,check=none");
        TestConnection client = await ConnectAsync(lbtcp);
        await Until.TrueAsync(() => _silent.Dials == 1, "a dial of the silent backend");

        check.GoDown();
        using TestConnection served = await other.AcceptAsync();
        await AssertIsRelayedToEndAsync(client, served);

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("completed", "other"), (end["reason"], end["backend"]));
        Assert.Matches("""^\["first:no answer in [0-9.ms]+"\]$""", end["attempts"]);
        Assert.Equal("first", (await lbtcp.RecordAsync(EventIds.BackendDown))["backend"]);
        await Until.TrueAsync(() => _silent.Dials == 0, "no dial is left");
    }

    public static TheoryData<string, string> TransportsAndDelays() => TransportNames.With("1h", "0");

    private Task<LbTcpProcess> StartAsync(string transport, string[] flags, params string[] backends) => StartAsync(
        [],
        [
            "--transport", transport, "--algorithm", "first", "--connect-timeout", "1h", .. _admin.Flags, .. flags, "--backends",
            .. backends,
        ]);

    /// <summary>
    /// Starts the program with a silent backend and another one whose only slot is taken, and a client for which only the silent one was
    /// dialled, although it has been silent for long.
    /// </summary>
    private async Task<(LbTcpProcess LbTcp, TestBackend Other, TestConnection Holder, TestConnection Client)> StartFullAsync(
        string transport)
    {
        TestBackend other = Backend();
        LbTcpProcess lbtcp = await StartAsync(
            transport, ["--passive-fall", "0"], $"{_silent.EndPoint},name=first", $"{other.EndPoint},name=other,max_connections=1");
        (TestConnection holder, _) = await ConnectAsync(lbtcp, other);
        await Until.TrueAsync(() => _silent.Dials == 0, "the dial that was too late has ended");
        TestConnection client = await ConnectAsync(lbtcp);
        _ = await Until.UnchangedAsync(() => _silent.Dials, TimeSpan.FromMilliseconds(500)); // twice the time of a hedge
        Assert.Equal((1, 1), (_silent.Dials, other.Accepted));
        return (lbtcp, other, holder, client);
    }

    // A byte each way, and then the end.
    private static async Task AssertIsRelayedToEndAsync(TestConnection client, TestConnection served)
    {
        await client.SendAsync("x");
        Assert.Equal("x", await served.ReceiveTextAsync(1));
        await served.SendAsync("y");
        served.FinishSending();
        Assert.Equal("y", await client.ReceiveTextToEndAsync());
        client.FinishSending();
        Assert.Empty(await served.ReceiveToEndAsync());
    }
}
