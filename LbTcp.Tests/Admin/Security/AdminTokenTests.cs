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
}
