using System.Diagnostics;
using LbTcp.Admin;
using LbTcp.Admin.Security;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Admin.Security;

public sealed class AdminTokenTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly LogRecorder<AdminServer> _log = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Matches_FileWasChanged_IsTheNewTokenWithinASecond()
    {
        var token = AdminToken.Read(_directory.Write("token", "first"), _clock, _log);
        _directory.Write("token", "second");
        Assert.True(token.Matches("first"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(token.Matches("second"));
        Assert.False(token.Matches("first"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("tökän")]
    public void Matches_FileHoldsNoToken_KeepsTheLastOneAndSaysSoOnce(string text)
    {
        var token = AdminToken.Read(_directory.Write("token", "first"), _clock, _log);
        _directory.Write("token", text);
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(token.Matches("first"));
        }

        Assert.Contains(_directory["token"], _log.Message(EventIds.AdminTokenKept), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Matches_FileCannotBeReadForALongTime_HoldsUpOneRequestAlone()
    {
        Skip.If(OperatingSystem.IsWindows());
        var token = AdminToken.Read(_directory.Write("token", "first"), _clock, _log);
        File.Delete(_directory["token"]);
        using (var mkfifo = Process.Start("mkfifo", [_directory["token"]]))
            await mkfifo.WaitForExitAsync().Done();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Task<bool>[] requests = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => token.Matches("first"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await Until.TrueAsync(() => requests.Count(request => request.IsCompleted) == 3, "three requests are answered");
        Assert.All(requests.Where(request => request.IsCompleted), request => Assert.True(request.Result));

        await File.WriteAllTextAsync(_directory["token"], "first"); // the reader of the pipe goes on
        await Task.WhenAll(requests).Done();
    }
}
