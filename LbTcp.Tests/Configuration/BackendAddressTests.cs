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
    [InlineData("unix:/run/web.sock", "unix:/run/web.sock")]
    [InlineData("UNIX:///run/web.sock", "unix:/run/web.sock")]
    [InlineData("unix:@name", "unix:@name")]
    public void TryParse_UnixSocket_IsRead(string text, string identity)
    {
        Assert.True(BackendAddress.TryParse(text, out BackendAddress? address, out _));
        Assert.Equal((text, BackendScheme.Tcp, identity, false), (address.Text, address.Scheme, address.HostAndPort, address.IsName));
        Assert.Equal(identity, Assert.IsType<UnixEndPoint>(address.EndPoint).ToString());
    }

    [Theory]
    [InlineData("unix:3001", true)] // a host of that name
    [InlineData("127.0.0.1:3001", false)]
    [InlineData("[fe80::1%lo]:3001", false)]
    public void TryParse_HostAndPort_HasAnEndPointUnlessItIsAName(string text, bool isName)
    {
        Assert.True(BackendAddress.TryParse(text, out BackendAddress? address, out _));
        Assert.Equal((isName, isName), (address.IsName, address.EndPoint is null));
    }

    [Theory]
    [InlineData("unix:", "'unix:' is not a backend: the path is not absolute; write unix:/path, or unix:@name for a name without a file.")]
    [InlineData("unix:web.sock",
        "'unix:web.sock' is not a backend: the path is not absolute; write unix:/path, or unix:@name for a name without a file.")]
    [InlineData("unix:/run/",
        "'unix:/run/' is not a backend: the name is missing; write unix:/path, or unix:@name for a name without a file.")]
    [InlineData("http://unix:/run/web.sock",
        "'http://unix:/run/web.sock' has a scheme; write a unix socket as unix:/path, with check=http for HTTP checks.")]
    public void TryParse_NoUnixSocket_IsRefusedInASentence(string text, string expected)
    {
        Assert.False(BackendAddress.TryParse(text, out _, out string? error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("ftp://a:1", "'ftp://a:1' has an unknown scheme; use tcp://, http://, https:// or srv+tcp://.")]
    [InlineData("://a:1", "'://a:1' has an unknown scheme; use tcp://, http://, https:// or srv+tcp://.")]
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
