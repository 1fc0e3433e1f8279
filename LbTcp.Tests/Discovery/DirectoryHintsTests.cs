using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class DirectoryHintsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DirectoryHints _hints;
    private int _count;

    public DirectoryHintsTests() => _hints = new DirectoryHints(() => Interlocked.Increment(ref _count), _ => { });

    public void Dispose()
    {
        _hints.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Follow_FileRenamedOverAnother_Hints()
    {
        string file = _directory.Write("f", "1");
        string other = _directory.Write("other", "2");
        _hints.Follow([file]);

        File.Move(other, file, overwrite: true);

        await Until.TrueAsync(() => Volatile.Read(ref _count) > 0, "a hint");
    }

    [Fact]
    public async Task Follow_OtherDirectory_StopsWatchingTheFirst()
    {
        using var second = new TemporaryDirectory();
        _hints.Follow([_directory["f"]]);
        _hints.Follow([second["f"]]);

        _directory.Write("f", "1");
        Assert.Equal(0, Volatile.Read(ref _count));
        second.Write("f", "1");

        await Until.TrueAsync(() => Volatile.Read(ref _count) > 0, "a hint");
    }

    [Fact]
    public void Follow_DirectoryThatDoesNotExist_IsLeftOut() => _hints.Follow([_directory["missing/f"]]);
}
