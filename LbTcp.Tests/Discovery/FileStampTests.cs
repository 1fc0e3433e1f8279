using System.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class FileStampTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_Twice_IsEqual()
    {
        string file = _directory.Write("f", "web1:80\n");

        Assert.Equal(FileStamp.Read(file), FileStamp.Read(file));
        Assert.Equal(FileKind.Regular, FileStamp.Read(file).Kind);
    }

    // A network mount may report neither a new time nor a new size.
    [Fact]
    public void Read_ContentOfTheSameSizeAndTime_Differs()
    {
        string file = _directory.Write("f", "web1:80\n");
        DateTime time = File.GetLastWriteTimeUtc(file);
        FileStamp before = FileStamp.Read(file);

        _directory.Write("f", "web2:80\n");
        File.SetLastWriteTimeUtc(file, time);

        Assert.NotEqual(before, FileStamp.Read(file));
    }

    [Fact]
    public void Read_FileRenamedOverIt_Differs()
    {
        string file = _directory.Write("f", "web1:80\n");
        FileStamp before = FileStamp.Read(file);

        File.Move(_directory.Write("other", "web1:80\n"), file, overwrite: true);

        Assert.NotEqual(before, FileStamp.Read(file));
    }

    // The files of a Kubernetes volume are links into ..data, which is a link to the directory of the version.
    [Fact]
    public void Read_LinkOfItsDirectorySwapped_Differs()
    {
        foreach (string version in new[] { "v1", "v2" })
        {
            _ = Directory.CreateDirectory(_directory[version]);
            _directory.Write(Path.Combine(version, "f"), version);
        }

        _ = Directory.CreateSymbolicLink(_directory["..data"], "v1");
        _ = File.CreateSymbolicLink(_directory["f"], Path.Combine("..data", "f"));
        FileStamp before = FileStamp.Read(_directory["f"]);
        Directory.Delete(_directory["..data"]);
        _ = Directory.CreateSymbolicLink(_directory["..data"], "v2");

        Assert.NotEqual(before, FileStamp.Read(_directory["f"]));
    }

    [Fact]
    public void Read_LargeFileWithAnotherSize_Differs()
    {
        string file = _directory.Write("f", new string('#', 100_000));
        FileStamp before = FileStamp.Read(file);

        File.AppendAllText(file, "#");

        Assert.NotEqual(before, FileStamp.Read(file));
    }

    [Fact]
    public void Read_NothingThere_IsMissing() => Assert.Equal(new FileStamp(FileKind.Missing, 0), FileStamp.Read(_directory["f"]));

    [Fact]
    public void Read_Directory_IsOne() => Assert.Equal(FileKind.Directory, FileStamp.Read(_directory.Path).Kind);

    [Fact]
    public async Task Read_PipeWithoutWriter_DoesNotWait()
    {
        using var mkfifo = Process.Start("mkfifo", [_directory["pipe"]]);
        await mkfifo.WaitForExitAsync().Done();

        Assert.Equal(FileKind.Other, (await Task.Run(() => FileStamp.Read(_directory["pipe"])).WaitAsync(Until.Patience)).Kind);
    }
}
