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
    [InlineData("8080", "*:8080")]
    [InlineData("[0:0::1]:8080", "[::1]:8080")]
    public void ToString_Address_IsInOneSpelling(string text, string expected)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.Equal(expected, address.ToString());
    }
}
