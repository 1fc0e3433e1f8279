using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class ConfigurationResultTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "1 is wrong.")]
    [InlineData(3, "1 is wrong. (and 2 more)")]
    public void ErrorSummary_Errors_AreTheFirstAndANumber(int count, string? expected) => Assert.Equal(
        expected,
        new ConfigurationResult(null, [.. Enumerable.Range(1, count).Select(i => new ConfigurationError("f", $"{i} is wrong.", i))], [])
            .ErrorSummary);
}
