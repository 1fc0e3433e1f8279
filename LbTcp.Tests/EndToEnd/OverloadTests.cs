using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>More clients than there is room for, and clients that waste it.</summary>
public sealed class OverloadTests : EndToEndTest
{
    // A limit on descriptors under which a process that has its standard streams gets none; what it has open stays.
    private const ulong NoMore = 3;

    [Theory, ClassData(typeof(Transports))]
    public async Task MoreClientsThanDescriptors_TheRestWaitsQuietlyAndIsServedWhenOthersLeave(string transport)
    {
        const int Count = 200;
        const int Leaving = 20;
        TestBackend backend = Backend(Behaviours.Banner("!"));
        LbTcpProcess lbtcp = Adopt(await LbTcpProcess.StartAsync(Arguments([$"{backend.EndPoint}"], "--transport", transport), "ulimit -n 140; exec \"$0\" \"$@\""));

        TestConnection[] clients = await ConnectManyAsync(lbtcp, Count);
        int limit = (int)lbtcp.Records(EventIds.Listening)[0].Number("max_connections");
        await Eventually.Async(() => backend.Accepted == limit, () => $"{limit} clients served, but {backend.Accepted} are");
        await AssertIsQuietAsync(lbtcp);
        foreach (TestConnection served in clients.Take(Leaving))
            served.Close();
        await Eventually.Async(() => backend.Accepted == limit + Leaving, () => $"{limit + Leaving} clients served, but {backend.Accepted} are");

        Assert.InRange(limit, 1, 70);
        Assert.Empty(lbtcp.Records(EventIds.AcceptOutOfDescriptors)); // the limit comes before
        Assert.InRange(lbtcp.Records(EventIds.ConnectionLimitReached).Count, 1, 2 * Leaving);
        IsServingAtEnd = false; // banners only
    }

    [SkippableTheory, ClassData(typeof(Transports))]
    public async Task NoDescriptorIsLeftForClients_TheListenerWaitsQuietlyAndRecovers(string transport)
    {
        SkipUnlessNative();
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        await AssertIsEchoedAsync(lbtcp);
        ulong before = Posix.LimitDescriptors(lbtcp.Id, NoMore);

        TestConnection client = await ConnectAsync(lbtcp);
        await client.SendAsync("ping");
        await lbtcp.RecordAsync(EventIds.AcceptOutOfDescriptors);
        await AssertIsQuietAsync(lbtcp);
        Posix.LimitDescriptors(lbtcp.Id, before);

        Assert.Equal("ping", await client.ReceiveTextAsync(4));
        Assert.InRange(lbtcp.Records(EventIds.AcceptOutOfDescriptors).Count, 1, 20);
    }

    [SkippableTheory, ClassData(typeof(Transports))]
    public async Task NoDescriptorIsLeftForTheBackend_ClientIsResetAndNothingLeaks(string transport)
    {
        SkipUnlessNative();
        TestBackend[] backends = [Backend(Behaviours.EchoAsync), Backend(Behaviours.EchoAsync)];
        LbTcpProcess lbtcp = await StartAsync(backends.Select(backend => backend.EndPoint), "--transport", transport);
        await AssertIsEchoedAsync(lbtcp);
        await Eventually.Async(() => lbtcp.Facts.Connections == 0, "no connection");
        ulong before = Posix.LimitDescriptors(lbtcp.Id, FirstFree(lbtcp) + 1);

        TestConnection client = await ConnectAsync(lbtcp);
        Assert.Equal(0, await client.ReceiveToResetAsync());
        Posix.LimitDescriptors(lbtcp.Id, before);

        LogRecord end = (await lbtcp.EndRecordsAsync(2))[1];
        Assert.Equal(("local_fault", "lbtcp"), (end["reason"], end["ended_by"]));
        Assert.Single(end["attempts"]!.Split(',')); // another backend would not have fared better
        for (int i = 0; i < 4; i++)
            await AssertIsEchoedAsync(lbtcp);
    }

    [SkippableFact]
    public async Task NoDescriptorIsLeftForChecks_NoBackendIsBlamed()
    {
        SkipUnlessNative();
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--check", "tcp", "--check-interval", "50ms", "--fall", "1");
        await Eventually.Async(() => backend.Accepted >= 2, "checks");

        ulong before = Posix.LimitDescriptors(lbtcp.Id, NoMore);
        await lbtcp.RecordAsync(EventIds.ProbeInconclusive);
        Posix.LimitDescriptors(lbtcp.Id, before);
        int accepted = backend.Accepted;
        await Eventually.Async(() => backend.Accepted >= accepted + 2, "checks again");

        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [Theory, ClassData(typeof(Transports))]
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

    [Theory, ClassData(typeof(Transports))]
    public async Task ConnectionLimit_IsOne_ClientsAreServedOneAfterTheOther(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--max-connections", "1");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AssertIsEchoedAsync(lbtcp)));

        Assert.InRange(backend.MostAtOnce, 1, 2); // the last one may not have been seen to close yet
    }

    [Fact]
    public async Task ConnectionLimit_IsMoreThanDescriptorsAllow_IsLoweredWithAWarning()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = Adopt(await LbTcpProcess.StartAsync(
            Arguments([$"{backend.EndPoint}"], "--max-connections", "5000"), "ulimit -n 200; exec \"$0\" \"$@\""));

        LogRecord warning = Assert.Single(lbtcp.Records(EventIds.StartWarning));
        double limit = lbtcp.Records(EventIds.Listening)[0].Number("max_connections");

        Assert.InRange(limit, 50, 100);
        Assert.All(["5000", "200", $"{limit}"], number => Assert.Contains(number, warning.Message, StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(Transports))]
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

    [Theory, ClassData(typeof(Transports))]
    public async Task SilentClients_EndAtTheIdleTimeoutWhileOthersAreServed(string transport)
    {
        const int Silent = 100;
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--idle-timeout", "1s");

        TestConnection[] silent = await ConnectManyAsync(lbtcp, Silent);
        TestConnection active = await ConnectAsync(lbtcp);
        Task allEnd = Task.WhenAll(silent.Select(client => client.ReceiveToResetAsync()));
        await Pace.EveryAsync(TimeSpan.FromMilliseconds(200), 12, () => EchoByteAsync(active));
        await allEnd;
        await EchoByteAsync(active);

        IReadOnlyList<LogRecord> ends = await lbtcp.EndRecordsAsync(Silent);
        Assert.All(ends, end => Assert.Equal(("idle_timeout", "lbtcp"), (end["reason"], end["ended_by"])));
        Assert.All(ends, end => Assert.InRange(end.Number("duration"), 1, 10));
        Assert.Equal(Silent, ends.Count);
    }

    [Theory, ClassData(typeof(Transports))]
    public async Task SlowReader_OfABigAnswer_DelaysNobodyElse(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (slow, feeding) = await ConnectAsync(lbtcp, backend, receiveBuffer: 16 * 1024);
        Task feed = feeding.SendAsync(new byte[100 * 1024 * 1024]);
        long memory = lbtcp.Facts.ResidentBytes;

        for (int i = 0; i < 100; i++)
        {
            await slow.ReceiveAsync(1024);
            var (client, served) = await ConnectAsync(lbtcp, backend);
            await client.SendAsync("hi");
            Assert.Equal("hi", await served.ReceiveTextAsync(2));
            client.Close();
        }

        Assert.InRange(lbtcp.Facts.ResidentBytes - memory, long.MinValue, 48 * 1024 * 1024);
        Assert.False(feed.IsCompleted);
        slow.Reset();
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => feed);
    }

    private static async Task EchoByteAsync(TestConnection client)
    {
        await client.SendAsync(".");
        Assert.Equal(".", await client.ReceiveTextAsync(1));
    }

    private async Task<TestConnection[]> ConnectManyAsync(LbTcpProcess lbtcp, int count)
    {
        var clients = new TestConnection[count];
        for (int i = 0; i < count; i++)
            clients[i] = await ConnectAsync(lbtcp);
        return clients;
    }

    // While nothing can be done, nothing is done: a loop that tries again and again would take all of the time.
    private static async Task AssertIsQuietAsync(LbTcpProcess lbtcp)
    {
        TimeSpan before = lbtcp.Facts.ProcessorTime;
        int lines = lbtcp.Lines.Count;
        await Pace.EveryAsync(TimeSpan.FromSeconds(1.5), 1, () => Task.CompletedTask);
        Assert.InRange(lbtcp.Facts.ProcessorTime - before, TimeSpan.Zero, TimeSpan.FromSeconds(0.3));
        Assert.InRange(lbtcp.Lines.Count - lines, 0, 3);
    }

    // The .NET runtime ends the process when it cannot open a file that it needs: an assembly, or /proc/self/status for its collector.
    private static void SkipUnlessNative() => Skip.IfNot(LbTcpBinary.IsNative, "skipped: not a native binary");

    // The number that the next descriptor gets, which a limit is compared with (getrlimit(2)).
    private static ulong FirstFree(LbTcpProcess lbtcp)
    {
        IReadOnlyDictionary<int, string> used = lbtcp.Facts.Descriptors;
        return (ulong)Enumerable.Range(0, int.MaxValue).First(number => !used.ContainsKey(number));
    }
}
