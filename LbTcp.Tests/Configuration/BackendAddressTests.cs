using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class BackendAddressTests
{
    [Theory]
    [InlineData("localhost:3001", "Tcp", "localhost:3001")]
    [InlineData("tcp://localhost:3001", "Tcp", "localhost:3001")]
    [InlineData("http://localhost:3001", "Http", "localhost:3001")]
    [InlineData("HTTP://LOCALHOST:3001", "Http", "localhost:3001")]
    [InlineData("http://localhost:3001/", "Http", "localhost:3001")]
    [InlineData("http://[::1]:3001", "Http", "[::1]:3001")]
    [InlineData("srv+tcp://_web._tcp.LAN", "Tcp", "_web._tcp.lan")]
    [InlineData("srv+http://_web._tcp.lan/", "Http", "_web._tcp.lan")]
    public void TryParse_Address_IsRead(string text, string scheme, string hostAndPort)
    {
        Assert.True(BackendAddress.TryParse(text, out BackendAddress? address, out _));
        Assert.Equal(text, address.Text);
        Assert.Equal(scheme, address.Scheme.ToString());
        Assert.Equal(hostAndPort, address.HostAndPort);
    }

    [Theory]
    [InlineData("https://a:1", "'https://a:1' has an unknown scheme; use tcp://, http:// or srv+tcp://.")]
    [InlineData("://a:1", "'://a:1' has an unknown scheme; use tcp://, http:// or srv+tcp://.")]
    [InlineData(
        "http://a:1/health",
        "'http://a:1/health' has a path; a backend is host:port only (the health endpoint is set with --health-path).")]
    [InlineData("http://a", "'http://a' is not a backend: the port is missing; write host:port.")]
    [InlineData("http:a:1", "'http:a:1' is not a backend: an IPv6 address goes in brackets; write [::1]:port.")]
    [InlineData("a:0", "'a:0' is not a backend: the port '0' is not a number from 1 to 65535.")]
    [InlineData(
        "srv+tcp://_web._tcp.lan:80",
        "'srv+tcp://_web._tcp.lan:80' is not a backend: the port comes from the SRV record; write the name alone.")]
    [InlineData("srv+tcp://10.0.0.1", "'srv+tcp://10.0.0.1' is not a backend: '10.0.0.1' is not a host name.")]
    [InlineData("", "'' is not a backend: the port is missing; write host:port.")]
    [InlineData("a\u001b[2J:1", @"'a\u001B[2J:1' is not a backend: 'a\u001B[2J' is not an address or a host name.")]
    public void TryParse_AnythingElse_IsRefusedInASentence(string text, string expected)
    {
        Assert.False(BackendAddress.TryParse(text, out _, out string? error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryParse_VeryLongText_IsQuotedInPart()
    {
        Assert.False(BackendAddress.TryParse(new string('x', 1_000_000), out _, out string? error));
        Assert.InRange(error.Length, 80, 200);
    }
}
