using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Descriptors are scarce, or there are none left.</summary>
public sealed class DescriptorTests : EndToEndScenario
{
    // A limit on descriptors under which a process that has its standard streams gets none; what it has open stays.
    private const ulong NoMore = 3;

    [Theory, ClassData(typeof(TransportNames))]
    public async Task MoreClientsThanDescriptors_TheRestWaitsQuietlyAndIsServedWhenOthersLeave(string transport)
    {
        const int Count = 200;
        const int Leaving = 20;
        TestBackend backend = Backend(Behaviours.Banner("!"));
        LbTcpProcess lbtcp = await StartWithDescriptorsAsync(140, backend, "--transport", transport);

        TestConnection[] clients = await ConnectManyAsync(lbtcp, Count);
        int limit = (int)lbtcp.Records(EventIds.Listening)[0].Number("max_connections");
        await AcceptedAsync(backend, limit);
        await AssertIsQuietAsync(lbtcp);
        await Until.TrueAsync(() => clients.Count(client => client.HasReceived) == limit, "all that are served know it");
        TestConnection[] leaving = [.. clients.Where(client => client.HasReceived).Take(Leaving)]; // not always those that came first
        foreach (TestConnection served in leaving)
            served.Close();
        await AcceptedAsync(backend, limit + leaving.Length);

        Assert.InRange(limit, 1, 70);
        Assert.Empty(lbtcp.Records(EventIds.AcceptOutOfDescriptors)); // the limit comes before
        Assert.InRange(lbtcp.Records(EventIds.ConnectionLimitReached).Count, 1, 2 * Leaving);
        IsServingAtEnd = false; // banners only
    }

    [SkippableTheory, ClassData(typeof(TransportNames))]
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

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task NoDescriptorIsLeftForTheBackend_ClientIsResetAndNothingLeaks(string transport)
    {
        SkipUnlessNative();
        TestBackend[] backends = [Backend(Behaviours.EchoAsync), Backend(Behaviours.EchoAsync)];
        LbTcpProcess lbtcp = await StartAsync(backends.Select(backend => backend.EndPoint), "--transport", transport);
        await AssertIsEchoedAsync(lbtcp);
        await Until.TrueAsync(() => lbtcp.Facts.Connections == 0, "no connection");
        ulong before = Posix.LimitDescriptors(lbtcp.Id, FirstFree(lbtcp) + 1);

        await AssertIsResetAsync(lbtcp);
        Posix.LimitDescriptors(lbtcp.Id, before);

        JsonLogRecord end = (await lbtcp.EndRecordsAsync(2))[1];
        Assert.Equal(("local_fault", "lbtcp"), (end["reason"], end["ended_by"]));
        Assert.Single(end["attempts"]!.Split(',')); // another backend would not have fared better
        Assert.Equal("out of file descriptors", (await lbtcp.RecordAsync(EventIds.LocalFault))["error"]);
        for (int i = 0; i < 4; i++)
            await AssertIsEchoedAsync(lbtcp);
    }

    [SkippableFact]
    public async Task NoDescriptorIsLeftForChecks_NoBackendIsBlamed()
    {
        SkipUnlessNative();
        TestBackend backend = Backend(Behaviours.EchoAsync);
        HttpBackend other = Own(new HttpBackend()); // shows when it is checked; a backend does not notice a TCP check
        string[] flags = ["--check", "tcp", "--check-interval", "50ms", "--fall", "1"];
        LbTcpProcess lbtcp = await StartAsync([backend.EndPoint], [.. flags, "--backends", $"{other.EndPoint},check=http"]);
        await Until.TrueAsync(() => other.RequestCount >= 2, "checks");

        ulong limit = Posix.LimitDescriptors(lbtcp.Id, NoMore);
        await lbtcp.RecordAsync(EventIds.ProbeInconclusive);
        Posix.LimitDescriptors(lbtcp.Id, limit);
        int before = other.RequestCount;
        await Until.TrueAsync(() => other.RequestCount >= before + 2, "checks again");

        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }

    [Fact]
    public async Task ConnectionLimit_IsMoreThanDescriptorsAllow_IsLoweredWithAWarning()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartWithDescriptorsAsync(200, backend, "--max-connections", "5000");

        JsonLogRecord warning = Assert.Single(lbtcp.Records(EventIds.StartWarning));
        double limit = lbtcp.Records(EventIds.Listening)[0].Number("max_connections");

        Assert.InRange(limit, 1, 100);
        Assert.All(["5000", "200", $"{limit}"], number => Assert.Contains(number, warning.Message, StringComparison.Ordinal));
    }

    private static Task AcceptedAsync(TestBackend backend, int count) =>
        Until.TrueAsync(() => backend.Accepted == count, () => $"{count} clients served, but {backend.Accepted} are");

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
