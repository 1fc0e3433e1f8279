using System.Text.Json;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The log in a file, which is rotated, and whose disk may be full.</summary>
public sealed class LogFileTests : EndToEndScenario
{
    private readonly TemporaryDirectory _directory;
    private readonly string _path;

    public LogFileTests()
    {
        _directory = Own(new TemporaryDirectory());
        _path = _directory["lbtcp.log"];
    }

    [Fact]
    public async Task Usr1_FileWasRenamed_LinesGoToTheNewOneAndNoneIsLost()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartUnreadAsync("", backend, "--log-file", _path);
        await AssertIsEchoedAsync(lbtcp);
        await EventsAsync(_path, EventIds.Listening, EventIds.ConnectionClosed);

        File.Move(_path, _path + ".1");
        await AssertIsEchoedAsync(lbtcp);
        await EventsAsync(_path + ".1", EventIds.Listening, EventIds.ConnectionClosed, EventIds.ConnectionClosed);
        lbtcp.Signal(Posix.SigUsr1);
        await EventsAsync(_path, EventIds.LogFileReopened);
        await AssertIsEchoedAsync(lbtcp);

        await EventsAsync(_path, EventIds.LogFileReopened, EventIds.ConnectionClosed);
        Assert.Equal(3, EventsOf(_path + ".1").Count);
        lbtcp.Signal(Posix.SigTerm);
        await lbtcp.ExitCodeAsync();
        Assert.Equal("", await lbtcp.Output.ReadToEndAsync()); // nothing goes to standard output as well
        IsServingAtEnd = false; // it has ended
    }

    [Fact]
    public async Task Usr1_NoLogFile_IsIgnored()
    {
        LbTcpProcess lbtcp = await StartAsync(Backend(Behaviours.EchoAsync));
        lbtcp.Signal(Posix.SigUsr1);
        lbtcp.Signal(Posix.SigHup);
        await lbtcp.RecordAsync(EventIds.ReloadDone); // signals are handled
        await AssertIsEchoedAsync(lbtcp);
    }

    [Fact]
    public async Task LogFile_DiskIsFull_ClientsAreServedAndTheLossIsReported()
    {
        string link = _directory["full.log"];
        File.CreateSymbolicLink(link, "/dev/full");
        LbTcpProcess lbtcp = await StartUnreadAsync("", Backend(Behaviours.EchoAsync), "--log-file", link);
        for (int i = 0; i < 20; i++)
            await AssertIsEchoedAsync(lbtcp);

        File.Delete(link);
        lbtcp.Signal(Posix.SigUsr1);

        await Until.TrueAsync(() => File.Exists(link) && EventsOf(link).Contains(EventIds.LinesDropped), "the record of the loss");
        await AssertIsEchoedAsync(lbtcp);
    }

    [Theory]
    [InlineData("missing/lbtcp.log", "its directory does not exist")]
    [InlineData("", "it is a directory")]
    public async Task LogFile_CannotBeOpened_IsAnErrorAtTheStart(string name, string reason)
    {
        string path = name.Length == 0 ? _directory.Path : _directory[name];
        ProgramRun run = await ProgramRun.OfLbTcpAsync("--listen", "127.0.0.1:0", "--backends", "127.0.0.1:1", "--log-file", path);
        Assert.Equal((1, $"lbtcp: Cannot open the log file {path}: {reason}."), (run.ExitCode, run.Error.Trim()));
    }

    private static Task EventsAsync(string path, params int[] events) => Until.TrueAsync(
        () => File.Exists(path) && EventsOf(path).SequenceEqual(events),
        () => $"events {string.Join(' ', events)} in {path}; there is\n{(File.Exists(path) ? File.ReadAllText(path) : "no file")}");

    // A line that is being written counts when it is complete.
    private static List<int> EventsOf(string path)
    {
        string text = File.ReadAllText(path);
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetInt32()),
        ];
    }
}
