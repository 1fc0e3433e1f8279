using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Diagnostics;

public sealed class LogFileStreamTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LogRecorder<LogFileStream> _log = new();
    private readonly string _path;

    public LogFileStreamTests() => _path = _directory["lbtcp.log"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Write_ThereIsNoFile_CreatesItForOwnerAndGroup()
    {
        using (var file = new LogFileStream(_path))
            file.Write("one\n"u8);
        Assert.Equal("one\n", File.ReadAllText(_path));
        if (!OperatingSystem.IsWindows())
        {
            UnixFileMode most = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead; // a umask may take from it
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_path) & ~most);
        }
    }

    [Fact]
    public void Write_ThereIsAFile_Appends()
    {
        File.WriteAllText(_path, "one\n");
        using (var file = new LogFileStream(_path))
            file.Write("two\n"u8);
        Assert.Equal("one\ntwo\n", File.ReadAllText(_path));
    }

    [Fact]
    public void Write_FileWasTruncated_GoesOnAtItsBegin()
    {
        using var file = new LogFileStream(_path);
        file.Write("one\n"u8);
        File.WriteAllText(_path, "");
        file.Write("two\n"u8);
        Assert.Equal("two\n", File.ReadAllText(_path));
    }

    // A process that drains, and the one that was started in its place.
    [Fact]
    public void Write_TwoProcesses_OverwriteNothing()
    {
        using var file = new LogFileStream(_path);
        using var other = new LogFileStream(_path);
        file.Write("one\n"u8);
        other.Write("two\n"u8);
        file.Write("three\n"u8);
        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(_path));
    }

    [Fact]
    public void Reopen_FileWasRenamed_WritesToTheNewOneAndReports()
    {
        using var file = new LogFileStream(_path);
        file.Write("one\n"u8);
        File.Move(_path, _path + ".1");
        file.Write("two\n"u8);

        file.Reopen(_log);
        file.Write("three\n"u8);

        Assert.Equal(("one\ntwo\n", "three\n"), (File.ReadAllText(_path + ".1"), File.ReadAllText(_path)));
        Assert.Equal(_path, _log.Single(EventIds.LogFileReopened)["File"]);
    }

    [Fact]
    public void Reopen_DirectoryHasGone_KeepsTheFileAndReports()
    {
        string directory = _directory["logs"];
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, "lbtcp.log");
        using var file = new LogFileStream(path);
        Directory.Move(directory, directory + ".old");

        file.Reopen(_log);
        file.Write("one\n"u8);

        Assert.Equal("one\n", File.ReadAllText(Path.Combine(directory + ".old", "lbtcp.log")));
        Assert.Equal("its directory does not exist", _log.Single(EventIds.LogFileNotReopened)["Error"]);
    }

    [Fact]
    public void Explain_Directory_SaysSo()
    {
        Exception exception = Assert.ThrowsAny<Exception>(() => new LogFileStream(_directory.Path));
        Assert.Equal("it is a directory", LogFileStream.Explain(_directory.Path, exception));
    }
}
