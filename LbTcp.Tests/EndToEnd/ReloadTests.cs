using System.Diagnostics;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The backends file changes while the program runs.</summary>
public sealed class ReloadTests : EndToEndScenario
{
    private readonly TemporaryDirectory _directory;

    public ReloadTests() => _directory = Own(new TemporaryDirectory());

    [Fact]
    public async Task File_GainsAndLosesABackend_ClientsFollow()
    {
        TestBackend first = Backend(Behaviours.Banner("a"));
        TestBackend second = Backend(Behaviours.Banner("b"));
        LbTcpProcess lbtcp = await StartWithFileAsync($"{first.EndPoint} name=a");
        Assert.Equal("a", await BannerAsync(lbtcp.EndPoint));

        Replace($"{second.EndPoint} name=b weight=2");
        JsonLogRecord done = await lbtcp.RecordAsync(EventIds.ReloadDone);

        Assert.Equal("b", await BannerAsync(lbtcp.EndPoint));
        Assert.Equal("b", await BannerAsync(lbtcp.EndPoint));
        Assert.Equal(("file", "1", "1", "0"), (done["trigger"], done["added"], done["removed"], done["unchanged"]));
        JsonLogRecord added = Assert.Single(lbtcp.Records(EventIds.ReloadAdded));
        Assert.Equal(("b", $"{second.EndPoint}", "2"), (added["backend"], added["address"], added["weight"]));
        Assert.Equal("a", Assert.Single(lbtcp.Records(EventIds.ReloadRemoved))["backend"]);
        IsServingAtEnd = false; // banners only
    }

    [Fact]
    public async Task File_ChangesAWeight_AppliesToTheNextPicks()
    {
        TestBackend first = Backend(Behaviours.Banner("a"));
        TestBackend second = Backend(Behaviours.Banner("b"));
        LbTcpProcess lbtcp = await StartWithFileAsync($"{first.EndPoint} name=a\n{second.EndPoint} name=b");

        Replace($"{first.EndPoint} name=a weight=3\n{second.EndPoint} name=b");
        _ = await lbtcp.RecordAsync(EventIds.ReloadDone);
        int ofFirst = 0;
        for (int i = 0; i < 8; i++)
            ofFirst += await BannerAsync(lbtcp.EndPoint) == "a" ? 1 : 0;

        Assert.Equal(6, ofFirst);
        JsonLogRecord changed = Assert.Single(lbtcp.Records(EventIds.ReloadChanged));
        Assert.Equal(("a", "3", "1"), (changed["backend"], changed["weight"], changed["was"]));
        IsServingAtEnd = false;
    }

    [Theory]
    [InlineData("rename")]
    [InlineData("rename from another directory")]
    [InlineData("link to another directory")]
    [InlineData("directory replaced")]
    [InlineData("written in place")]
    public async Task File_ReplacedInAnyWay_IsNoticed(string way)
    {
        TestBackend first = Backend(Behaviours.Banner("a"));
        TestBackend second = Backend(Behaviours.Banner("b"));
        _ = Directory.CreateDirectory(_directory["v1"]);
        _directory.Write("v1/backends.txt", $"{first.EndPoint}\n");
        _ = Directory.CreateSymbolicLink(_directory["link"], "v1");
        string file = way.StartsWith("link", StringComparison.Ordinal) ? _directory["link/backends.txt"] : _directory["v1/backends.txt"];
        LbTcpProcess lbtcp = await StartAsync([], "--backends-file", file);

        string text = $"{second.EndPoint}\n";
        _ = Directory.CreateDirectory(_directory["v2"]);
        switch (way)
        {
            case "rename":
                File.Move(_directory.Write("v1/new", text), file, overwrite: true);
                break;
            case "rename from another directory":
                File.Move(_directory.Write("v2/backends.txt", text), file, overwrite: true);
                break;
            case "link to another directory":
                _directory.Write("v2/backends.txt", text);
                _ = Directory.CreateSymbolicLink(_directory["new"], "v2");
                using (var mv = Process.Start("mv", ["-T", _directory["new"], _directory["link"]]))
                    await mv.WaitForExitAsync().Done();
                break;
            case "directory replaced":
                _directory.Write("v2/backends.txt", text);
                Directory.Move(_directory["v1"], _directory["old"]);
                Directory.Move(_directory["v2"], _directory["v1"]);
                break;
            default:
                File.WriteAllText(file, text);
                break;
        }

        _ = await lbtcp.RecordAsync(EventIds.ReloadDone);
        Assert.Equal("b", await BannerAsync(lbtcp.EndPoint));
        Assert.Empty(lbtcp.Records(EventIds.ReloadRefused));
        IsServingAtEnd = false;
    }

    [Fact]
    public async Task File_IsBroken_KeepsWhatRunsAndIsLoggedOnce()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartWithFileAsync($"{backend.EndPoint}");

        Replace($"{backend.EndPoint}\n127.0.0.1:9 weigth=2\n127.0.0.1:9000000\n");
        JsonLogRecord refused = await lbtcp.RecordAsync(EventIds.ReloadRefused);
        await AssertIsEchoedAsync(lbtcp);
        Replace($"{backend.EndPoint}\n127.0.0.1:9 weigth=2\n127.0.0.1:9000000\n# touched\n");
        Replace($"{backend.EndPoint}");
        _ = await lbtcp.RecordAsync(EventIds.ReloadDone); // mended, although nothing changed since the start

        Assert.EndsWith("backends.txt:2:13", refused["source"], StringComparison.Ordinal);
        Assert.Contains("did you mean weight?", refused["error"], StringComparison.Ordinal);
        Assert.Equal("1", refused["more"]);
        Assert.Single(lbtcp.Records(EventIds.ReloadRefused));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_IsEmptiedOrDeleted_KeepsWhatRuns(bool isDeleted)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartWithFileAsync($"{backend.EndPoint}");

        if (isDeleted)
            File.Delete(_directory["backends.txt"]);
        else
            File.WriteAllText(_directory["backends.txt"], "");
        _ = await lbtcp.RecordAsync(EventIds.ReloadRefused);

        await AssertIsEchoedAsync(lbtcp);
    }

    [Fact]
    public async Task File_ChangesInOrderAndComments_IsNotLogged()
    {
        TestBackend first = Backend(Behaviours.EchoAsync);
        TestBackend second = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartWithFileAsync($"{first.EndPoint}\n{second.EndPoint}");

        Replace($"# the two\n{second.EndPoint}\n\n{first.EndPoint} # first\n");
        lbtcp.Signal(Posix.SigHup);
        JsonLogRecord done = await lbtcp.RecordAsync(EventIds.ReloadDone);

        Assert.Equal(("signal", "0", "0", "0", "2"), (done["trigger"], done["added"], done["changed"], done["removed"], done["unchanged"]));
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("close")]
    public async Task RemovedBackend_WithAConnection_FollowsOnRemoved(string onRemoved)
    {
        TestBackend removed = Backend();
        TestBackend other = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartWithFileAsync($"{removed.EndPoint}", "--on-removed", onRemoved, "--close-spread", "50ms");
        (TestConnection client, TestConnection backend) = await ConnectAsync(lbtcp, removed);

        Replace($"{other.EndPoint}");
        _ = await lbtcp.RecordAsync(EventIds.ReloadDone);

        if (onRemoved == "close")
        {
            Assert.Equal(0, await client.ReceiveToResetAsync());
        }
        else
        {
            await AssertIsEchoedAsync(lbtcp); // by the other
            await client.SendAsync("still here");
            Assert.Equal("still here", await backend.ReceiveTextAsync(10));
        }

        JsonLogRecord record = Assert.Single(lbtcp.Records(EventIds.ReloadRemoved));
        Assert.Equal(("1", onRemoved), (record["connections"], record["on_removed"]));
    }

    [Fact]
    public async Task Hangup_WithoutAFile_IsAnswered()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync([backend.EndPoint]);

        lbtcp.Signal(Posix.SigHup);

        Assert.Equal("signal", (await lbtcp.RecordAsync(EventIds.ReloadDone))["trigger"]);
        await AssertIsEchoedAsync(lbtcp);
    }

    // Three backends come and go, one stays; a client that meets a removed one would be reset.
    [Fact]
    public async Task Reloads_ManyUnderTraffic_FailNoClientAndLeaveNothing()
    {
        const int Reloads = 200;
        TestBackend[] backends = [.. Enumerable.Range(0, 4).Select(_ => Backend(Behaviours.EchoAsync))];
        LbTcpProcess lbtcp = await StartWithFileAsync($"{backends[0].EndPoint}", "--check", "tcp", "--access-log", "off");
        await AssertIsEchoedAsync(lbtcp);
        using var over = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => ServeUntilAsync(lbtcp, over.Token))];

        (int Descriptors, int Threads) after50 = default;
        for (int i = 1; i <= Reloads; i++)
        {
            IEnumerable<TestBackend> used = backends[1..].Where((_, bit) => (i >> bit & 1) == 1).Prepend(backends[0]);
            Replace(string.Join('\n', used.Select(backend => $"{backend.EndPoint}")));
            int before = lbtcp.Records(EventIds.ReloadDone).Count;
            lbtcp.Signal(Posix.SigHup);
            await Until.TrueAsync(() => lbtcp.Records(EventIds.ReloadDone).Count > before, "the reload");
            if (i == 50)
                after50 = (lbtcp.Facts.Descriptors.Count, lbtcp.Facts.Threads);
        }

        await over.CancelAsync();
        int served = (await Task.WhenAll(clients)).Sum();
        Assert.True(served > 100, $"only {served} clients were served");
        Assert.Empty(lbtcp.Records(EventIds.ReloadRefused));
        await Until.TrueAsync(
            () => lbtcp.Facts.Descriptors.Count <= after50.Descriptors, $"no more than {after50.Descriptors} descriptors");
        Assert.InRange(lbtcp.Facts.Threads, 1, after50.Threads + 4);
    }

    private static async Task<int> ServeUntilAsync(LbTcpProcess lbtcp, CancellationToken over)
    {
        int served = 0;
        while (!over.IsCancellationRequested)
        {
            await AssertIsEchoedAsync(lbtcp);
            served++;
        }

        return served;
    }

    private Task<LbTcpProcess> StartWithFileAsync(string text, params string[] flags)
    {
        _directory.Write("backends.txt", text);
        return StartAsync([], [.. flags, "--backends-file", _directory["backends.txt"]]);
    }

    private void Replace(string text) => File.Move(_directory.Write("new", text), _directory["backends.txt"], overwrite: true);
}
