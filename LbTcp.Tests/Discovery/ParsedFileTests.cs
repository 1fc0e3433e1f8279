using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Discovery;

public sealed class ParsedFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Current_FileComesChangesAndGoes_FollowsWithinASecond()
    {
        var file = new ParsedFile<string>(_path, text => $"<{text}>", _time);
        Assert.Equal("<>", file.Current);
        Write("a");
        Assert.Equal("<>", file.Current);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("<a>", file.Current);
        Write("bc");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("<bc>", file.Current);
        File.Delete(_path);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("<>", file.Current);
    }

    [Fact]
    public void Current_FileIsTheSame_IsParsedOnce()
    {
        Write("a");
        int parsed = 0;
        var file = new ParsedFile<string>(_path, text => $"{++parsed}", _time);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("1", file.Current);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    // /etc/resolv.conf is a link on many systems, whose target is rewritten; with the same size and time in this test.
    [Fact]
    public void Current_TargetOfALinkChanges_IsReadAgain()
    {
        using var directory = new TemporaryDirectory();
        DateTime time = File.GetLastWriteTimeUtc(directory.Write("target", "a"));
        _ = File.CreateSymbolicLink(directory["link"], "target");
        var file = new ParsedFile<string>(directory["link"], text => $"<{text}>", _time);
        Assert.Equal("<a>", file.Current);

        File.SetLastWriteTimeUtc(directory.Write("target", "b"), time);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("<b>", file.Current);
    }

    public void Dispose() => File.Delete(_path);

    private void Write(string text) => File.WriteAllText(_path, text);
}
