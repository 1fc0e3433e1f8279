using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class ConfigurationErrorTests
{
    [Theory]
    [InlineData(null, null, "f is empty.")]
    [InlineData(3, null, "f:3: f is empty.")]
    [InlineData(3, 14, "f:3:14: f is empty.")]
    public void ToString_Error_BeginsWithItsPlace(int? line, int? column, string expected) =>
        Assert.Equal(expected, new ConfigurationError("f", "f is empty.", line, column).ToString());

    [Theory]
    [InlineData(null, null, "f")]
    [InlineData(3, null, "f:3")]
    [InlineData(3, 14, "f:3:14")]
    public void Place_Error_IsAsExactAsKnown(int? line, int? column, string expected) =>
        Assert.Equal(expected, new ConfigurationError("f", "f is empty.", line, column).Place);
}
