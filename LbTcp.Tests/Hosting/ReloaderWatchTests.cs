using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Hosting;
using NSubstitute;

namespace LbTcp.Tests.Hosting;

/// <summary>When the files of the configuration are read.</summary>
public sealed class ReloaderWatchTests : ReloaderScenario
{
    // The file may have changed while the process was starting.
    [Fact]
    public async Task Poll_TheFirst_AppliesWhatTheFilesSayNowWithoutARecord()
    {
        await PollAsync();
        Assert.Equal(0, Reads); // somebody may be writing it just now
        await SettleAsync();
        await PollAsync();

        await Target.Received(1).ApplyAsync(Options, Arg.Any<CancellationToken>());
        Assert.Empty(Log.Records);
    }

    [Fact]
    public async Task Poll_FileChangedInComments_IsNotLogged()
    {
        await StartAsync();

        await ChangeAsync();

        Assert.Equal(1, Reads);
        Assert.Empty(Log.Records);
    }

    // The configuration names a new file, whose stamp is taken after it was read.
    [Fact]
    public async Task Poll_ConfigurationWithANewFile_ReadsItAgain()
    {
        await StartAsync();
        Configuration = Configuration with { Files = [.. Configuration.Files, PathOf("more.txt")] };

        await ChangeAsync();

        Assert.Equal(2, Reads);
    }

    [Fact]
    public async Task Request_FileThatIsAPipe_IsRefusedWithoutReadingIt()
    {
        Stamps[Configuration.Files[0]] = new FileStamp(FileKind.Other, 0);
        using Reloader reloader = Create();
        await PollAsync(reloader);
        Assert.Empty(Log.Records);

        reloader.Request();
        await PollAsync(reloader);

        Assert.Equal(0, Reads);
        Assert.Contains("cannot be read again", (string)Log.Single(EventIds.ReloadRefused)["Error"]!, StringComparison.Ordinal);
    }
}
