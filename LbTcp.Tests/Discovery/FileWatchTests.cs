using LbTcp.Discovery;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Discovery;

public sealed class FileWatchTests
{
    private static readonly TimeSpan _enough = TimeSpan.FromMilliseconds(300);

    private readonly FakeTimeProvider _clock = new();
    private readonly Dictionary<string, FileStamp> _files = [];
    private readonly FileWatch _watch;

    public FileWatchTests()
    {
        _watch = new FileWatch(file => _files[file], _clock);
        Set("a", 1);
        Assert.True(_watch.Follow(["a"]));
    }

    [Fact]
    public void Poll_NothingChanged_IsFalse() => Assert.False(PollAfter(TimeSpan.FromHours(1)));

    [Fact]
    public void Poll_ChangeThatStays_IsReportedOnceWhenSettled()
    {
        Set("a", 2);

        Assert.False(PollAfter(TimeSpan.Zero));
        Assert.False(PollAfter(TimeSpan.FromMilliseconds(250)));
        Assert.True(PollAfter(TimeSpan.FromMilliseconds(50)));
        Assert.False(PollAfter(_enough));
    }

    [Fact]
    public void Poll_FileTruncatedAndThenWritten_ReportsTheEndOnly()
    {
        Set("a", 0);
        Assert.False(PollAfter(TimeSpan.Zero));
        Set("a", 2);
        Assert.False(PollAfter(TimeSpan.FromMilliseconds(200)));
        Assert.False(PollAfter(TimeSpan.FromMilliseconds(200)));
        Assert.True(PollAfter(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void Poll_FileThatIsAsBeforeInTheEnd_ReportsNothing()
    {
        Set("a", 0);
        Assert.False(PollAfter(TimeSpan.Zero));
        Set("a", 1);

        Assert.False(PollAfter(_enough));
        Assert.Equal(FileWatch.PollInterval, _watch.Interval);
    }

    // A file that is rewritten all the time must not be postponed for ever.
    [Fact]
    public void Poll_FileThatChangesAllTheTime_IsReportedInTheEnd()
    {
        int polls = 0;
        do
            Set("a", (ulong)(2 + polls));
        while (!PollAfter(TimeSpan.FromMilliseconds(50)) && polls++ < 100);

        Assert.InRange(polls, 30, 50);
    }

    [Fact]
    public void Interval_WhileAFileChanges_IsShort()
    {
        Set("a", 2);
        _ = _watch.Poll();

        Assert.InRange(_watch.Interval, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100));
    }

    // What is read after a poll may be newer than the stamp; it must not be older.
    [Fact]
    public void Follow_SameFileThatChangedMeanwhile_KeepsTheOlderStamp()
    {
        Set("a", 2);

        Assert.False(_watch.Follow(["a"]));

        Assert.False(PollAfter(TimeSpan.Zero));
        Assert.True(PollAfter(_enough));
    }

    [Fact]
    public void Follow_OtherFile_WatchesThatOneOnly()
    {
        Set("b", 1);
        Assert.True(_watch.Follow(["b"]));
        Set("a", 2);
        Assert.False(PollAfter(TimeSpan.Zero));
        Assert.False(PollAfter(_enough));
        Set("b", 2);
        Assert.False(PollAfter(TimeSpan.Zero));
        Assert.True(PollAfter(_enough));
    }

    [Fact]
    public void Restart_AfterAChange_ForgetsIt()
    {
        Set("a", 2);
        _watch.Restart();

        Assert.False(PollAfter(TimeSpan.Zero));
        Assert.False(PollAfter(_enough));
    }

    // Somebody may be writing the file just now: what is there for a moment only must not be read.
    [Fact]
    public void Suspect_NothingChanges_IsAPossibleChangeOnceItIsStable()
    {
        _watch.Suspect();

        Assert.False(PollAfter(TimeSpan.Zero));
        Assert.InRange(_watch.Interval, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100));
        Assert.False(PollAfter(TimeSpan.FromMilliseconds(250)));
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(FileChange.Possible, _watch.Poll());
        Assert.False(PollAfter(_enough));
        Assert.Equal(FileWatch.PollInterval, _watch.Interval);
    }

    [Fact]
    public void Suspect_FileTruncatedAndThenWritten_IsFoundAtTheEndOnly()
    {
        _watch.Suspect();

        Set("a", 0);
        Assert.False(PollAfter(TimeSpan.FromMilliseconds(200)));
        Set("a", 2);
        Assert.False(PollAfter(TimeSpan.FromMilliseconds(200)));
        Assert.False(PollAfter(TimeSpan.FromMilliseconds(200)));
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(FileChange.Found, _watch.Poll());
        Assert.False(PollAfter(_enough));
    }

    [Fact]
    public void Suspect_NoFiles_IsNoChange()
    {
        _ = _watch.Follow([]);

        _watch.Suspect();

        Assert.False(PollAfter(_enough));
        Assert.Equal(FileWatch.PollInterval, _watch.Interval);
    }

    [Fact]
    public void Suspect_FilesAreReadForAnotherReason_IsForgotten()
    {
        _watch.Suspect();

        _watch.Restart();

        Assert.False(PollAfter(_enough));
    }

    [Fact]
    public void FindReadableOnce_FileThatIsAPipe_NamesIt()
    {
        Assert.Null(_watch.FindReadableOnce());
        _files["/dev/fd/63"] = new FileStamp(FileKind.Other, 0);
        _ = _watch.Follow(["a", "/dev/fd/63"]);

        Assert.Equal("/dev/fd/63", _watch.FindReadableOnce());
    }

    private bool PollAfter(TimeSpan time)
    {
        _clock.Advance(time);
        return _watch.Poll() is not FileChange.None;
    }

    private void Set(string file, ulong fingerprint) => _files[file] = new FileStamp(FileKind.Regular, fingerprint);
}
