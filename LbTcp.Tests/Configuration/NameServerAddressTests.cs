using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public sealed class NameServerAddressTests
{
    [Theory]
    [InlineData("10.0.0.2", "10.0.0.2:53")]
    [InlineData("10.0.0.2:5353", "10.0.0.2:5353")]
    [InlineData("fd00::2", "[fd00::2]:53")]
    [InlineData("[fd00::2]", "[fd00::2]:53")]
    [InlineData("[fd00::2]:5353", "[fd00::2]:5353")]
    public void TryParse_Address_IsReadWithItsPort(string text, string expected)
    {
        Assert.True(NameServerAddress.TryParse(text, out IPEndPoint? address, out _));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("dns.lan", "is a name; the address of a name server cannot be resolved, write an IP address.")]
    [InlineData("10.0.0.2:0", "is not the address of a name server: ")]
    [InlineData("10.0.0", "is not the address of a name server: ")]
    [InlineData("", "is not the address of a name server: ")]
    public void TryParse_AnythingElse_IsRefusedInASentence(string text, string expected)
    {
        Assert.False(NameServerAddress.TryParse(text, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
