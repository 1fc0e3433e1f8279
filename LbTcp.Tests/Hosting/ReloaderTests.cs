using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace LbTcp.Tests.Hosting;

public sealed class ReloaderTests : ReloaderScenario
{
    [Fact]
    public async Task Poll_FileChanged_AppliesIt()
    {
        await StartAsync();
        Target.ApplyAsync(Options, Arg.Any<CancellationToken>()).Returns(OneAdded);

        await ChangeAsync();

        LogRecord record = Log.Single(EventIds.ReloadDone);
        Assert.Equal((ReloadTrigger.File, 1, 2), (record["Trigger"], (int)record["Added"]!, (int)record["Unchanged"]!));
        Target.Received(1).EndReport();
    }

    [Fact]
    public async Task Request_NothingChanged_ReloadsAtOnceAndIsAnswered()
    {
        await StartAsync();
        bool isWoken = false;
        Reloader.Woken += () => isWoken = true;

        Reloader.Request();
        Assert.True(isWoken);
        Assert.InRange(Reloader.Interval, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(10));
        await PollAsync();

        Assert.Equal(ReloadTrigger.Signal, Log.Single(EventIds.ReloadDone)["Trigger"]);
        Assert.Equal(FileWatch.PollInterval, Reloader.Interval);
    }

    [Fact]
    public async Task Poll_InvalidFile_KeepsWhatRunsAndIsLoggedOnce()
    {
        await StartAsync();
        ConfigurationError first = new("backends.txt", "'x' is not a backend.", 12, 9);
        Configuration = new ConfigurationResult(null, [first, first with { Line = 13 }], Configuration.Files);

        await ChangeAsync();
        await ChangeAsync();

        await Target.DidNotReceive().ApplyAsync(Arg.Any<HostOptions>(), Arg.Any<CancellationToken>());
        LogRecord record = Log.Single(EventIds.ReloadRefused);
        Assert.Equal(("backends.txt:12:9", 1), (record["Source"], (int)record["More"]!));
    }

    [Fact]
    public async Task Request_InvalidFile_IsLoggedAgain()
    {
        await StartAsync();
        Configuration = new ConfigurationResult(null, [new("backends.txt", "It is empty.")], Configuration.Files);
        await ChangeAsync();

        Reloader.Request();
        await PollAsync();

        Assert.Equal(2, Log.Count(EventIds.ReloadRefused));
    }

    [Fact]
    public async Task Poll_InvalidFileMendedToWhatRuns_IsLogged()
    {
        await StartAsync();
        ConfigurationResult valid = Configuration;
        Configuration = new ConfigurationResult(null, [new("backends.txt", "It is empty.")], valid.Files);
        await ChangeAsync();
        Configuration = valid;

        await ChangeAsync();

        Assert.Equal(1, Log.Count(EventIds.ReloadDone));
    }

    [Fact]
    public async Task Poll_RefusedByWhatRuns_IsLoggedOnce()
    {
        await StartAsync();
        Target.ApplyAsync(Options, Arg.Any<CancellationToken>()).Returns(ApplyResult.Refused("transport cannot change."));

        await ChangeAsync();
        await ChangeAsync();

        Assert.Equal("transport cannot change.", Log.Single(EventIds.ReloadRefused)["Error"]);
        Assert.Equal(0, Log.Count(EventIds.ReloadDone));
    }

    [Fact]
    public async Task Poll_DefectInAReload_IsLoggedAndTheNextOneWorks()
    {
        await StartAsync();
        Target.ApplyAsync(Options, Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidOperationException("a defect"));
        await ChangeAsync();
        Assert.Equal(1, Log.Count(EventIds.ReloadFailed));
        Target.ApplyAsync(Options, Arg.Any<CancellationToken>()).Returns(OneAdded);

        await ChangeAsync();

        Assert.Equal(1, Log.Count(EventIds.ReloadDone));
    }

    [Fact]
    public async Task Poll_WhileAReloadRuns_StartsNoSecondOneAndForgetsNoRequest()
    {
        await StartAsync();
        var applying = new TaskCompletionSource<ApplyResult>();
        Target.ApplyAsync(Options, Arg.Any<CancellationToken>()).Returns(applying.Task, Task.FromResult(Nothing));
        Reloader.Request();
        Reloader.Poll(default);

        Reloader.Request();
        Reloader.Request();
        Reloader.Poll(default);
        Assert.Equal(1, Reads);
        applying.SetResult(Nothing);
        await Reloader.FinishAsync().Done();
        await PollAsync();

        Assert.Equal(2, Reads);
    }
}
