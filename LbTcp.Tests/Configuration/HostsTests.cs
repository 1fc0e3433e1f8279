using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class HostsTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("80", 80)]
    [InlineData("65535", 65535)]
    public void TryParsePort_Port_IsRead(string text, int expected)
    {
        Assert.True(Hosts.TryParsePort(text, out int port, out _));
        Assert.Equal(expected, port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("99999")]
    [InlineData("4294967376")] // 80 in 32 bits
    [InlineData("80x")]
    [InlineData(" 80")]
    [InlineData("80 ")]
    [InlineData("+80")]
    [InlineData("080")]
    [InlineData("80\r")]
    [InlineData("80\0")]
    [InlineData("8_0")]
    [InlineData("0x50")]
    [InlineData("８０")] // full-width digits
    [InlineData("٨٠")] // Arabic-Indic digits
    public void TryParsePort_AnythingElse_IsRefusedAndQuoted(string text)
    {
        Assert.False(Hosts.TryParsePort(text, out _, out string? problem));
        Assert.Equal($"the port {Quoted.Text(text)} is not a number from 1 to 65535.", problem);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", true)]
    [InlineData("00", false)]
    [InlineData("-0", false)]
    public void TryParsePort_WhereZeroIsAllowed_ZeroIsReadAndNothingLikeIt(string text, bool expected) =>
        Assert.Equal(expected, Hosts.TryParsePort(text, out _, out _, lowestPort: 0));

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1")]
    [InlineData("0.0.0.0:80", "0.0.0.0")]
    [InlineData("255.255.255.255:80", "255.255.255.255")]
    [InlineData("localhost:80", "localhost")]
    [InlineData("LocalHost:80", "localhost")]
    [InlineData("web-1.example.com:80", "web-1.example.com")]
    [InlineData("web-1.example.com.:80", "web-1.example.com.")]
    [InlineData("my_service:80", "my_service")]
    [InlineData("1a:80", "1a")]
    [InlineData("10.0.0.1.example:80", "10.0.0.1.example")]
    [InlineData("[::1]:80", "::1")]
    [InlineData("[2001:DB8::0:1]:80", "2001:db8::1")]
    [InlineData("[0:0:0:0:0:0:0:1]:80", "::1")]
    [InlineData("[::ffff:10.0.0.1]:80", "10.0.0.1")]
    [InlineData("[fe80::1%lo]:80", "fe80::1%lo")]
    public void TryParseHostAndPort_HostAndPort_IsReadInOneSpelling(string text, string expected)
    {
        Assert.True(Hosts.TryParseHostAndPort(text, out string? host, out int port, out _));
        Assert.Equal(expected, host);
        Assert.Equal(80, port);
    }

    [Theory]
    [InlineData("1:80")] // 0.0.0.1 to the framework
    [InlineData("127.1:80")]
    [InlineData("0x7f000001:80")]
    [InlineData("0x7f.1:80")]
    [InlineData("127.0.0.0x1:80")]
    [InlineData("010.0.0.1:80")] // octal: 8.0.0.1
    [InlineData("2130706433:80")]
    [InlineData("256.0.0.1:80")]
    [InlineData("1.2.3:80")]
    [InlineData("1.2.3.4.5:80")]
    [InlineData("1.2.3.4.:80")]
    [InlineData("example.1:80")] // a name cannot end in a number
    public void TryParseHostAndPort_NumbersThatAreNoPlainAddress_AreRefused(string text)
    {
        Assert.False(Hosts.TryParseHostAndPort(text, out _, out _, out string? problem));
        Assert.EndsWith(
            "is not an IPv4 address of four decimal numbers from 0 to 255 without leading zeros.", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::1:80")]
    [InlineData("::1")]
    [InlineData("fe80::1:80")]
    [InlineData("host:80:80")]
    public void TryParseHostAndPort_ColonsWithoutBrackets_AreRefusedWithTheWayOut(string text)
    {
        Assert.False(Hosts.TryParseHostAndPort(text, out _, out _, out string? problem));
        Assert.Equal("an IPv6 address goes in brackets; write [::1]:port.", problem);
    }

    [Theory]
    [InlineData("[::1%nosuchinterface]:80", "'::1%nosuchinterface' names an interface that this system does not have.")]
    [InlineData("[fe80::1]:80", "'fe80::1' is a link-local address, which needs its interface; write [fe80::1%eth0].")]
    public void TryParseHostAndPort_ZoneIsMissingOrUnknown_IsRefusedWithTheReason(string text, string expected)
    {
        Assert.False(Hosts.TryParseHostAndPort(text, out _, out _, out string? problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("[::1]", "::1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("localhost", null)]
    [InlineData("0.0.0.0", null)]
    [InlineData("::", null)]
    [InlineData("10.1", null)]
    [InlineData("10.0.0.1:80", null)]
    [InlineData("", null)]
    public void TryParseAddress_AddressOfAnInterface_IsRead(string text, string? expected)
    {
        Assert.Equal(expected is not null, Hosts.TryParseAddress(text, out IPAddress? address, out string? error));
        Assert.Equal((expected, expected is null), (expected is null ? null : address!.ToString(), error is not null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("127.0.0.1")]
    public void TryParseHostAndPort_NoPort_IsRefusedWithTheWayOut(string text)
    {
        Assert.False(Hosts.TryParseHostAndPort(text, out _, out _, out string? problem));
        Assert.Equal("the port is missing; write host:port.", problem);
    }

    [Theory]
    [InlineData(":80")]
    [InlineData(" :80")]
    [InlineData("a b:80")]
    [InlineData(" localhost:80")]
    [InlineData("-a:80")]
    [InlineData("a-:80")]
    [InlineData("a..b:80")]
    [InlineData(".a:80")]
    [InlineData("*:80")]
    [InlineData("user@host:80")]
    [InlineData("a/b:80")]
    [InlineData("höst:80")]
    [InlineData("127.0.0.1\0:80")]
    [InlineData("127.0.0.1\n:80")]
    [InlineData("[]:80")]
    [InlineData("[localhost]:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[::1:80")]
    [InlineData("[[::1]]:80")]
    [InlineData("[::g]:80")]
    [InlineData("[::1%nosuchinterface]:80")]
    public void TryParseHostAndPort_NoHost_IsRefused(string text) =>
        Assert.False(Hosts.TryParseHostAndPort(text, out _, out _, out _));

    [Fact]
    public void TryParseHostAndPort_NameThatIsTooLong_IsRefused()
    {
        Assert.False(Hosts.TryParseHostAndPort(new string('a', 64) + ":80", out _, out _, out _));
        string longest = string.Concat(Enumerable.Repeat(new string('a', 62) + ".", 4)) + "a"; // 253 characters
        Assert.True(Hosts.TryParseHostAndPort(longest + ":80", out _, out _, out _));
        Assert.False(Hosts.TryParseHostAndPort(longest + "a:80", out _, out _, out _));
        Assert.False(Hosts.TryParseHostAndPort(string.Concat(Enumerable.Repeat("abcdefg.", 32)) + ":80", out _, out _, out _));
    }

    [Theory]
    [InlineData("::1", "[::1]:80")]
    [InlineData("127.0.0.1", "127.0.0.1:80")]
    [InlineData("localhost", "localhost:80")]
    public void Format_Host_IsWrittenAsInAUrl(string host, string expected) => Assert.Equal(expected, Hosts.Format(host, 80));
}
