using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Configuration;

public sealed class AdminAccessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("127.0.0.1:9900", true)]
    [InlineData("127.9.9.9:9900", true)]
    [InlineData("[::1]:9900", true)]
    [InlineData("localhost:9900", true)]
    [InlineData("unix:/run/lbtcp.sock", true)]
    [InlineData("unix:@lbtcp", true)]
    [InlineData("*:9900", false)]
    [InlineData("0.0.0.0:9900", false)]
    [InlineData("10.0.0.1:9900", false)]
    [InlineData("[2001:db8::1]:9900", false)]
    public void IsLocal_Address_IsWhetherOtherMachinesCannotConnect(string text, bool expected)
    {
        Assert.True(AdminAccess.TryParseAddress(text, out ListenAddress? address, out _));
        Assert.Equal(expected, AdminAccess.IsLocal(address));
    }

    [Theory]
    [InlineData("lb1.example.org:9900", "'lb1.example.org:9900' is a name; write an address or localhost.")]
    [InlineData("127.0.0.1", "'127.0.0.1' is not an address to listen on: the port is missing; write 127.0.0.1:9900.")]
    public void TryParseAddress_NameOrNoPort_IsRefused(string text, string expected)
    {
        Assert.False(AdminAccess.TryParseAddress(text, out _, out string? error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryParseAddress_PortAlone_IsOneOfLoopback()
    {
        Assert.True(AdminAccess.TryParseAddress("9900", out ListenAddress? address, out _));
        Assert.Equal("127.0.0.1:9900", address.ToString());
        Assert.True(AdminAccess.IsLocal(address));
    }

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("  secret\r\n\n", "secret")]
    public void TryReadToken_OneWord_IsTheToken(string text, string expected)
    {
        Assert.True(AdminAccess.TryReadToken(_directory.Write("token", text), out string? token, out _));
        Assert.Equal(expected, token);
    }

    [Theory]
    [InlineData("", "is empty; write a token into it, such as the output of 'openssl rand -hex 32'.")]
    [InlineData("two words", "is not a token file: a token is one word of visible ASCII characters.")]
    [InlineData(null, "does not exist.")]
    public void TryReadToken_NoToken_SaysWhy(string? text, string problem)
    {
        string path = text is null ? _directory["token"] : _directory.Write("token", text);
        Assert.False(AdminAccess.TryReadToken(path, out _, out ConfigurationError? error));
        Assert.Equal($"{path} {problem}", error.Message);
    }

    [Fact]
    public void FindWarnings_TokenWithoutAnEndpoint_IsThatItIsNotUsed()
    {
        var options = new HostOptions { Services = [], AdminTokenFile = "token" };
        Assert.Equal(["token is not used: there is no admin endpoint; --admin turns it on."], AdminAccess.FindWarnings(options));
        Assert.Empty(AdminAccess.FindWarnings(options with { Admin = new ListenAddress("127.0.0.1", 0) }));
        Assert.Empty(AdminAccess.FindWarnings(options with { AdminTokenFile = null }));
        Assert.Empty(AdminAccess.FindWarnings(null));
    }
}
