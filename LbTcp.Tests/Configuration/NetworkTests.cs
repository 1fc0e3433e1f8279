using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("::ffff:10.0.0.1/128", "10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    public void TryParse_IPv4WrittenAsIPv6_IsTheIPv4Network(string text, string expected)
    {
        Assert.True(Network.TryParse(text, out Network? network, out string? error), error);

        Assert.Equal(expected, network.ToString());
    }

    [Theory]
    [InlineData("::ffff:10.0.0.0/8")] // as IPv6, almost everything
    [InlineData("::ffff:10.0.0.0/32")]
    [InlineData("::ffff:10.0.0.0/95")]
    [InlineData("::ffff:10.0.0.0/129")]
    public void TryParse_IPv4WrittenAsIPv6WithALengthOutOfIt_IsRefused(string text)
    {
        Assert.False(Network.TryParse(text, out _, out string? error));

        Assert.Equal($"'{text}' is not a network: the length is not a number from 96 to 128.", error);
    }

    [Theory]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("128.0.0.0/1", "128.0.0.0/1")]
    [InlineData("10.0.0.9/32", "10.0.0.9")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    public void TryParse_IPv4_IsRead(string text, string expected)
    {
        Assert.True(Network.TryParse(text, out Network? network, out string? error), error);

        Assert.Equal(expected, network.ToString());
    }

    [Theory]
    [InlineData("10")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.")]
    [InlineData("10.0.0.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.01")]
    [InlineData("10.0.0.+1")]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.1/31")]
    [InlineData("10.0.0.1/0")]
    [InlineData(" 10.0.0.1")]
    [InlineData("\u0661.0.0.1")] // a digit, but not of ASCII
    public void TryParse_NotIPv4_IsRefused(string text)
    {
        Assert.False(Network.TryParse(text, out _, out string? error));
        Assert.Contains($"'{text}' is", error, StringComparison.Ordinal);
    }
}
