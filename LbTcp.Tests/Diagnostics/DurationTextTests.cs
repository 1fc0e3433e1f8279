using LbTcp.Diagnostics;

namespace LbTcp.Tests.Diagnostics;

public class DurationTextTests
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.04, "0ms")]
    [InlineData(0.05, "0.1ms")]
    [InlineData(0.44, "0.4ms")]
    [InlineData(2, "2ms")]
    [InlineData(250, "250ms")]
    [InlineData(999.9, "999.9ms")]
    [InlineData(1000, "1s")]
    [InlineData(3249, "3.2s")]
    [InlineData(3250, "3.3s")]
    [InlineData(90_000, "90s")]
    [InlineData(3_600_000, "3600s")]
    public void Of_Milliseconds_IsRoundedToOneDecimal(double milliseconds, string text)
    {
        Assert.Equal(text, DurationText.Of(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Fact]
    public void Of_LongestTimeSpan_Fits()
    {
        Assert.EndsWith("s", DurationText.Of(TimeSpan.MaxValue - TimeSpan.FromSeconds(1)), StringComparison.Ordinal);
    }
}
