using System.Net;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>What a client gets when backends cannot be reached.</summary>
public sealed class ConnectFaultTests : EndToEndScenario
{
    [Fact]
    public async Task OneOfThreeRefuses_EveryClientIsServedWithoutDelay()
    {
        IPEndPoint dead = Own(new ReservedPort()).EndPoint;
        TestBackend[] live = [Backend(Behaviours.EchoAsync), Backend(Behaviours.EchoAsync)];
        LbTcpProcess lbtcp = await StartAsync([dead, live[0].EndPoint, live[1].EndPoint]);

        for (int i = 0; i < 30; i++)
            await AssertIsEchoedAsync(lbtcp);

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(30);
        Assert.All(ends, end => Assert.Equal("completed", end["reason"]));
        Assert.All(ends, end => Assert.InRange(end.Number("connect"), 0, 1)); // the time limit of an attempt is 5 s
        Assert.Contains(ends, end => end["attempts"] == $"[\"{dead}:connection refused\"]");
    }

    [Fact]
    public async Task OneOfTwoIsABlackHole_EveryClientIsServedAfterTheConnectTimeoutAtMost()
    {
        IPEndPoint hole = Own(new BlackHole()).EndPoint;
        TestBackend live = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(
            [hole, live.EndPoint], "--connect-timeout", "300ms", "--hedge-after", "0", "--passive-fall", "0");

        for (int i = 0; i < 4; i++)
            await AssertIsEchoedAsync(lbtcp);

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(4);
        JsonLogRecord[] delayed = [.. ends.Where(end => end["attempts"] is not null)];
        Assert.NotEmpty(delayed);
        Assert.All(delayed, end => Assert.Equal($"[\"{hole}:timed out\"]", end["attempts"]));
        Assert.All(delayed, end => Assert.InRange(end.Number("connect"), 0.3, 5));
    }

    [Fact]
    public async Task AllRefuse_EveryClientIsResetWithOneRecord()
    {
        const int Count = 50;
        IsServingAtEnd = false;
        IPEndPoint[] dead = [Own(new ReservedPort()).EndPoint, Own(new ReservedPort()).EndPoint];
        LbTcpProcess lbtcp = await StartAsync(dead, "--passive-fall", "0");

        for (int i = 0; i < Count; i++)
            await AssertIsResetAsync(lbtcp);

        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(Count);
        Assert.Equal(Count, ends.Count);
        Assert.All(ends, end => Assert.Equal(("connect_failed", "backend"), (end["reason"], end["ended_by"])));
        Assert.All(dead, backend =>
            Assert.All(ends, end => Assert.Contains($"{backend}:connection refused", end["attempts"], StringComparison.Ordinal)));
        Assert.InRange(lbtcp.Lines.Count, Count, Count + 10);
    }

    [Fact]
    public async Task AllAreBlackHoles_ManyClientsWait_EachEndsAtItsDeadlineWithBoundedDescriptors()
    {
        const int Count = 300;
        IsServingAtEnd = false;
        IPEndPoint[] holes = [Own(new BlackHole()).EndPoint, Own(new BlackHole()).EndPoint];
        LbTcpProcess lbtcp = await StartAsync(holes, "--connect-timeout", "500ms", "--passive-fall", "0", "--hedge-after", "0");

        TestConnection[] clients = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => ConnectAsync(lbtcp)));
        Task allEnd = Task.WhenAll(clients.Select(client => client.ReceiveToResetAsync()));
        int most = 0;
        await Until.TrueAsync(
            () =>
            {
                most = Math.Max(most, lbtcp.Facts.Connections);
                return allEnd.IsCompleted;
            },
            "the end of all clients");
        await allEnd;

        Assert.InRange(most, 1, 2 * Count);
        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(Count);
        Assert.All(ends, end => Assert.Equal("connect_timeout", end["reason"]));
        Assert.All(ends, end => Assert.InRange(end.Number("duration"), 1, 10)); // two attempts
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    public async Task Retries_AllThreeRefuse_AreKeptTo(int retries, int attempts)
    {
        IsServingAtEnd = false;
        IPEndPoint[] dead = [.. Enumerable.Range(0, 3).Select(_ => Own(new ReservedPort()).EndPoint)];
        LbTcpProcess lbtcp = await StartAsync(dead, "--retries", $"{retries}");

        await AssertIsResetAsync(lbtcp);

        string tried = (await lbtcp.EndRecordAsync())["attempts"]!;
        Assert.Equal(attempts, dead.Count(backend => tried.Contains($"{backend}:", StringComparison.Ordinal)));
        Assert.Equal(attempts, tried.Split("refused").Length - 1);
    }

    [Fact]
    public async Task BackendClosesAtOnce_ClientSeesTheEndAndNoOtherBackendIsTried()
    {
        TestBackend closing = Backend();
        TestBackend other = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync([closing.EndPoint, other.EndPoint], "--hedge-after", "0");
        var (client, served) = await ConnectAsync(lbtcp, closing);

        served.Close();

        Assert.Empty(await client.ReceiveToEndAsync());
        Assert.Equal(0, other.Accepted);
    }

    [Fact]
    public async Task BackendResets_AfterTheFirstByte_ClientIsResetAndNoOtherBackendIsTried()
    {
        TestBackend resetting = Backend();
        TestBackend other = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync([resetting.EndPoint, other.EndPoint], "--check", "none");
        var (client, served) = await ConnectAsync(lbtcp, resetting);

        await client.SendAsync("x");
        Assert.Equal("x", await served.ReceiveTextAsync(1));
        served.Reset();

        Assert.Equal(0, await client.ReceiveToResetAsync());
        Assert.Equal(0, other.Accepted);
        Assert.Equal("backend_reset", (await lbtcp.EndRecordAsync())["reason"]);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientSends_BeforeTheBackendIsConnected_ArrivesInOrder(string transport)
    {
        IsServingAtEnd = false;
        byte[] request = Payload.Random(1024 * 1024);
        BlackHole hole = Own(new BlackHole());
        LbTcpProcess lbtcp = await StartAsync([hole.EndPoint], "--transport", transport, "--connect-timeout", "20s");
        TestConnection client = await ConnectAsync(lbtcp);

        Task sending = client.SendAsync(request);
        using var served = new TestConnection(await hole.OpenAsync());

        Assert.Equal(Payload.Hash(request), Payload.Hash(await served.ReceiveAsync(request.Length)));
        await sending;
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientResets_WhileTheBackendIsBeingDialled_TheAttemptIsCancelled(string transport)
    {
        IsServingAtEnd = false;
        BlackHole hole = Own(new BlackHole());
        LbTcpProcess lbtcp = await StartAsync([hole.EndPoint], "--transport", transport, "--connect-timeout", "5m");
        TestConnection client = await ConnectAsync(lbtcp);
        await Until.TrueAsync(
            () => TcpTable.Read().Any(socket => socket.State == TcpState.SynSent && socket.Remote.Equals(hole.EndPoint)),
            "an attempt to reach the backend");

        client.Reset();

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("client_reset", "client"), (end["reason"], end["ended_by"]));
        Assert.Null(end["connect"]);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ClientsReset_BeforeTheyAreServed_TheListenerSurvives(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);

        for (int i = 0; i < 1000; i++)
            (await TestConnection.ConnectAsync(lbtcp.EndPoint)).Reset();

        await AssertIsEchoedAsync(lbtcp);
    }
}
