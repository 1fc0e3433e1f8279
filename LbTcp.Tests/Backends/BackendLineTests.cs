using LbTcp.Backends;

namespace LbTcp.Tests.Backends;

public class BackendLineTests
{
    [Fact]
    public void TryParseLine_Address_IsRead()
    {
        Assert.True(BackendLine.TryParseLine("http://a:1", out BackendAddress? address, out _));
        Assert.Equal("a:1", address.HostAndPort);
    }

    [Theory]
    [InlineData("a:1 weight=5", "'a:1' has the unknown option 'weight=5'; a further backend goes in a line of its own.")]
    [InlineData("a:1\t b:2", "'a:1' has the unknown option 'b:2'; a further backend goes in a line of its own.")]
    [InlineData("weight=5 a:1", "'weight=5' is not a backend: the port is missing; write host:port.")]
    public void TryParseLine_MoreThanAnAddress_IsRefusedNamingIt(string line, string expected)
    {
        Assert.False(BackendLine.TryParseLine(line, out _, out string? error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("a:1,b:2", "'a:1' has the unknown option 'b:2'; a further backend goes in a value of its own.")]
    [InlineData("a:1,", "'a:1' has the unknown option ''; a further backend goes in a value of its own.")]
    [InlineData(",a:1", "'' is not a backend: the port is missing; write host:port.")]
    [InlineData("", "'' is not a backend: the port is missing; write host:port.")]
    [InlineData("a:1 ", "'a:1 ' is not a backend: the port '1 ' is not a number from 1 to 65535.")]
    public void TryParseValue_MoreThanAnAddress_IsRefusedNamingIt(string value, string expected)
    {
        Assert.False(BackendLine.TryParseValue(value, out _, out string? error));
        Assert.Equal(expected, error);
    }
}
