using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class ListenAddressTests
{
    [Theory]
    [InlineData("8080", null, 8080)]
    [InlineData("*:8080", null, 8080)]
    [InlineData("[::]:8080", null, 8080)]
    [InlineData("0.0.0.0:8080", "0.0.0.0", 8080)]
    [InlineData("127.0.0.1:8080", "127.0.0.1", 8080)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0)]
    [InlineData("[::1]:8080", "::1", 8080)]
    [InlineData("localhost:8080", "localhost", 8080)]
    public void TryParse_Address_IsRead(string text, string? host, int port)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.Equal(new ListenAddress(host, port), address);
    }

    [Theory]
    [InlineData("80", "80", true)]
    [InlineData("80", "127.0.0.1:80", true)]
    [InlineData("[::1]:80", "*:80", true)]
    [InlineData("80", "web1:80", true)]
    [InlineData("0.0.0.0:80", "127.0.0.1:80", true)]
    [InlineData("0.0.0.0:80", "[::1]:80", false)]
    [InlineData("80", "127.0.0.1:81", false)]
    [InlineData("127.0.0.1:80", "127.0.0.2:80", false)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", false)]
    [InlineData("unix:/run/a", "unix:/run/a,mode=600", true)]
    [InlineData("unix:/run/a", "unix:/run/b", false)]
    [InlineData("unix:/run/a", "127.0.0.1:0", false)]
    public void Overlaps_TwoAddresses_IsWhetherBothCanBeListenedOn(string one, string other, bool expected)
    {
        Assert.True(ListenAddress.TryParse(one, out ListenAddress? first, out _));
        Assert.True(ListenAddress.TryParse(other, out ListenAddress? second, out _));

        Assert.Equal((expected, expected), (first.Overlaps(second), second.Overlaps(first)));
    }

    [Theory]
    [InlineData("", "the port '' is not a number from 1 to 65535.")]
    [InlineData("0", "the port '0' is not a number from 1 to 65535.")]
    [InlineData("*:0", "the port '0' is not a number from 1 to 65535.")]
    [InlineData("-1", "the port '-1' is not a number from 1 to 65535.")]
    [InlineData("65536", "the port '65536' is not a number from 1 to 65535.")]
    [InlineData("080", "the port '080' is not a number from 1 to 65535.")]
    [InlineData("80\0", @"the port '80\u0000' is not a number from 1 to 65535.")]
    [InlineData("localhost", "the port 'localhost' is not a number from 1 to 65535.")]
    [InlineData("127.0.0.1:65536", "the port '65536' is not a number from 0 to 65535.")]
    [InlineData("1:80", "'1' is not an IPv4 address of four decimal numbers from 0 to 255 without leading zeros.")]
    [InlineData(":80", "the host is missing; write host:port.")]
    [InlineData("::1:80", "an IPv6 address goes in brackets; write [::1]:port.")]
    [InlineData("http://127.0.0.1:80", "an IPv6 address goes in brackets; write [::1]:port.")]
    public void TryParse_AnythingElse_IsRefused(string text, string problem)
    {
        Assert.False(ListenAddress.TryParse(text, out _, out string? error));
        Assert.EndsWith($" is not an address to listen on: {problem}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix:/run/web.sock", null, null, null)]
    [InlineData("unix:@name", null, null, null)]
    [InlineData("unix:/run/web.sock,mode=660,owner=web,group=33", 0b110_110_000, "web", "33")]
    [InlineData("unix:/run/web.sock,group=web,mode=0777", 0b111_111_111, null, "web")]
    public void TryParse_UnixSocket_IsReadWithItsAccess(string text, int? mode, string? owner, string? group)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.Equal(new UnixFileAccess { Mode = (UnixFileMode?)mode, Owner = owner, Group = group }, address.Unix!.Access);
        Assert.Equal(text.Split(',')[0], address.Identity);
        Assert.True(ListenAddress.TryParse(address.ToString(), out ListenAddress? again, out _));
        Assert.Equal((address, address.Unix.Access), (again, again.Unix!.Access));
    }

    [Theory]
    [InlineData("unix:web.sock", "the path is not absolute; write unix:/path, or unix:@name for a name without a file.")]
    [InlineData("unix:/run/web.sock,mode=778", "the mode '778' is not an octal number from 0 to 777.")]
    [InlineData("unix:/run/web.sock,mode=4777", "the mode '4777' is not an octal number from 0 to 777.")]
    [InlineData("unix:/run/web.sock,mode", "the mode '' is not an octal number from 0 to 777.")]
    [InlineData("unix:/run/web.sock,owner=", "the option owner has no value.")]
    [InlineData("unix:/run/web.sock,mode=600,mode=660", "the option 'mode' is given twice.")]
    [InlineData("unix:/run/web.sock,user=web", "the option 'user=web' is unknown; the options are mode, owner, group.")]
    [InlineData("unix:@name,mode=660", "a name that begins with @ has no file, and so neither mode nor owner nor group.")]
    [InlineData("unix:/run/.", "the name is missing; write unix:/path, or unix:@name for a name without a file.")]
    [InlineData("unix:/run/..", "the name is missing; write unix:/path, or unix:@name for a name without a file.")]
    [InlineData("unix:/\u001b", "the path has a control character.")]
    public void TryParse_NoUnixSocket_IsRefused(string text, string problem)
    {
        Assert.False(ListenAddress.TryParse(text, out _, out string? error));
        Assert.EndsWith($" is not an address to listen on: {problem}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_LengthOfThePath_IsLimitedToWhatTheSystemTakes()
    {
        Assert.True(ListenAddress.TryParse($"unix:/{new string('a', 106)}", out _, out _));
        Assert.True(ListenAddress.TryParse($"unix:/{new string('\u00e4', 53)}", out _, out _));
        Assert.False(ListenAddress.TryParse($"unix:/{new string('\u00e4', 54)}", out _, out string? error));
        Assert.EndsWith("the path is longer than 107 bytes, the system's maximum for a socket.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8080", "*:8080")]
    [InlineData("unix://run/./a//b.sock", "unix:/run/a/b.sock")]
    [InlineData("unix:/run/a/../b.sock", "unix:/run/a/../b.sock")] // "a" may be a link
    [InlineData("[0:0::1]:8080", "[::1]:8080")]
    public void ToString_Address_IsInOneSpelling(string text, string expected)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.Equal(expected, address.ToString());
    }
}
