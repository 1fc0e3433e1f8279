using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

public sealed class UnixListenSocketTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lbtcp-test-");
    private readonly string _path;

    public UnixListenSocketTests()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: not Linux");
        _path = Path.Combine(_directory.FullName, "web.sock");
    }

    [SkippableFact]
    public async Task Open_NoFile_ListensUntilTheEndAndDeletesIt()
    {
        ListenSocket listener = Open();
        Assert.Equal($"unix:{_path}", listener.LocalEndPoint.ToString());
        using (await RawSockets.ConnectAsync(listener.LocalEndPoint))
        {
        }

        listener.Dispose();

        Assert.Empty(_directory.EnumerateFileSystemInfos());
    }

    [SkippableFact]
    public async Task Open_ModeIsGiven_FileHasItWhateverTheUmask()
    {
        using ListenSocket listener = Open(new UnixFileAccess { Mode = (UnixFileMode)0b110_110_110 });

        Assert.Equal("666 0 0", await StatAsync("%a %u %g"));
    }

    [SkippableFact]
    public async Task Open_OwnerAndGroupAreGiven_FileHasThem()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "skipped: not root");
        using ListenSocket listener = Open(new UnixFileAccess { Mode = (UnixFileMode)0b110_110_000, Owner = "daemon", Group = "12" });

        Assert.Equal("660 daemon 12", await StatAsync("%a %U %g"));
    }

    [SkippableTheory]
    [InlineData("nobody-of-this-name", null, "there is no user 'nobody-of-this-name' on this system.")]
    [InlineData(null, "nobody-of-this-name", "there is no group 'nobody-of-this-name' on this system.")]
    public void Open_NoSuchAccount_ThrowsAndLeavesNoFile(string? owner, string? group, string reason)
    {
        var exception = Assert.Throws<ListenException>(() => Open(new UnixFileAccess { Owner = owner, Group = group }));

        Assert.Equal($"Cannot listen on unix:{_path}: {reason}", exception.Message);
        Assert.Empty(_directory.EnumerateFileSystemInfos());
    }

    [SkippableFact]
    public async Task Open_FileWasLeftBehind_ReplacesIt()
    {
        RawSockets.ListenAt(new UnixEndPoint(_path)).Dispose();
        Assert.True(File.Exists(_path));

        using ListenSocket listener = Open();

        using Socket client = await RawSockets.ConnectAsync(listener.LocalEndPoint);
    }

    [SkippableFact]
    public async Task Open_SomebodyListens_ThrowsAndLeavesItAlone()
    {
        using ListenSocket first = Open();

        var exception = Assert.Throws<ListenException>(() => Open());

        Assert.Equal($"Cannot listen on unix:{_path}: another program listens there.", exception.Message);
        using Socket client = await RawSockets.ConnectAsync(first.LocalEndPoint);
    }

    [SkippableFact]
    public async Task Open_SomebodyListensAndTheQueueIsFull_ThrowsAndLeavesItAlone()
    {
        using Socket first = RawSockets.ListenAt(new UnixEndPoint(_path), backlog: 0);
        using Socket queued = await RawSockets.ConnectAsync(new UnixEndPoint(_path));

        _ = Assert.Throws<ListenException>(() => Open());

        Assert.True(File.Exists(_path));
    }

    [SkippableFact]
    public void Open_FileIsNoSocket_ThrowsAndLeavesItAlone()
    {
        File.WriteAllText(_path, "precious");

        var exception = Assert.Throws<ListenException>(() => Open());

        Assert.Equal($"Cannot listen on unix:{_path}: the file exists and is not a socket.", exception.Message);
        Assert.Equal("precious", File.ReadAllText(_path));
    }

    [SkippableFact]
    public void Open_LinkToASocketThatWasLeftBehind_ThrowsAndLeavesBothAlone()
    {
        string target = Path.Combine(_directory.FullName, "target");
        RawSockets.ListenAt(new UnixEndPoint(target)).Dispose();
        File.CreateSymbolicLink(_path, target);

        _ = Assert.Throws<ListenException>(() => Open());

        Assert.Equal(2, _directory.EnumerateFileSystemInfos().Count());
    }

    [SkippableFact]
    public void Open_NoDirectory_SaysSo()
    {
        string directory = Path.Combine(_directory.FullName, "missing");
        var exception = Assert.Throws<ListenException>(() => ListenSocket.Open(new UnixEndPoint($"{directory}/web.sock")));

        Assert.Equal($"Cannot listen on unix:{directory}/web.sock: the directory {directory} does not exist.", exception.Message);
    }

    [SkippableFact]
    public void Open_NameWithoutAFileInUse_SaysSo()
    {
        UnixEndPoint name = RawSockets.FreeUnix();
        using var first = ListenSocket.Open(name);

        var exception = Assert.Throws<ListenException>(() => ListenSocket.Open(name));

        Assert.Equal($"Cannot listen on {name}: another program listens there.", exception.Message);
    }

    [SkippableFact]
    public void Dispose_AnotherFileHasItsPlace_LeavesThatAlone()
    {
        ListenSocket listener = Open();
        File.Delete(_path);
        using Socket other = RawSockets.ListenAt(new UnixEndPoint(_path));

        listener.Dispose();

        Assert.True(File.Exists(_path));
    }

    [SkippableFact]
    public void DeleteLeftBehind_AnotherFileTakesItsPlaceMeanwhile_ThrowsAndLeavesThatAlone()
    {
        RawSockets.ListenAt(new UnixEndPoint(_path)).Dispose();

        var exception = Assert.Throws<ListenException>(() => UnixListenSocket.DeleteLeftBehind(new UnixEndPoint(_path), _ =>
        {
            File.Delete(_path);
            File.WriteAllText(_path, "precious");
            return SocketError.ConnectionRefused;
        }));

        Assert.Equal($"Cannot listen on unix:{_path}: the file was replaced by another program.", exception.Message);
        Assert.Equal("precious", File.ReadAllText(_path));
    }

    // It looks like one that has left its file behind.
    [SkippableFact]
    public async Task Open_AnotherLbTcpHasBoundItsSocketAndDoesNotListenYet_WaitsAndLeavesItAlone()
    {
        using Socket other = RawSockets.SocketFor(new UnixEndPoint(_path));
        Task<ListenSocket?> opening;
        using (Assert.IsType<DirectoryLock>(DirectoryLock.TryAcquire(_directory.FullName)))
        {
            other.Bind(new UnixEndPoint(_path));
            opening = Task.Run(TryOpen);
            await Until.UnchangedAsync(() => opening.IsCompleted ? 2 : 1, TimeSpan.FromMilliseconds(100));
            other.Listen();
        }

        Assert.Null(await opening.Done());
        using Socket client = await RawSockets.ConnectAsync(new UnixEndPoint(_path));
    }

    [SkippableFact]
    public async Task Open_ManyAtTheSameMoment_ExactlyOneListens()
    {
        for (int round = 0; round < 20; round++)
        {
            RawSockets.ListenAt(new UnixEndPoint(_path)).Dispose();

            ListenSocket?[] opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(TryOpen))).Done();

            using ListenSocket winner = Assert.Single(opened.OfType<ListenSocket>());
            using Socket client = await RawSockets.ConnectAsync(winner.LocalEndPoint);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private ListenSocket Open(UnixFileAccess? access = null) => ListenSocket.Open(new UnixEndPoint(_path, access));

    private ListenSocket? TryOpen()
    {
        try
        {
            return Open();
        }
        catch (ListenException)
        {
            return null;
        }
    }

    private async Task<string> StatAsync(string format)
    {
        ProgramRun run = await ProgramRun.OfAsync(new System.Diagnostics.ProcessStartInfo("stat", ["-c", format, _path]));
        return run.Output.Trim();
    }
}
