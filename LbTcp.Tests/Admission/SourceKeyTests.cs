using System.Net;
using LbTcp.Admission;

namespace LbTcp.Tests.Admission;

public sealed class SourceKeyTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", 64, true)]
    [InlineData("192.0.2.1", "192.0.2.2", 64, false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", 64, true)] // as a dual-stack socket gives it
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", 64, false)] // IPv4 is never counted by prefix
    [InlineData("2001:db8::1", "2001:db8::ffff:1", 64, true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", 64, false)]
    [InlineData("2001:db8::1", "2001:db8:0:ff::1", 56, true)]
    [InlineData("2001:db8::1", "2001:db8:0:100::1", 56, false)]
    [InlineData("2001:db8::1", "2001:db8::2", 128, false)]
    [InlineData("2001:db8::1", "2001:db8::3", 127, false)]
    [InlineData("2001:db8::2", "2001:db8::3", 127, true)]
    [InlineData("2001:db8::1", "8000::", 1, false)]
    [InlineData("ffff::1", "8000::", 1, true)]
    public void Of_TwoAddresses_AreOneSourceWithinThePrefix(string one, string other, int prefix, bool isSame)
    {
        var first = SourceKey.Of(IPAddress.Parse(one), prefix);
        var second = SourceKey.Of(IPAddress.Parse(other), prefix);

        Assert.Equal(isSame, first.Equals(second));
        Assert.Equal(isSame, first.GetHashCode() == second.GetHashCode());
        Assert.False(first.IsNone);
    }

    [Fact]
    public void Of_ClientOfAUnixSocket_IsNoSource() => Assert.True(SourceKey.Of(null, 64).IsNone);
}
