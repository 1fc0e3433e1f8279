using LbTcp.Cli.Terminals;

namespace LbTcp.Tests.Cli.Terminals;

public class HumanTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999.4, "999 B")]
    [InlineData(999.6, "1 KB")]
    [InlineData(2_100_000, "2.1 MB")]
    [InlineData(310_000, "310 KB")]
    [InlineData(999_960, "1 MB")]
    [InlineData(5e15, "5 PB")]
    [InlineData(5e18, "5000 PB")]
    public void Bytes_Number_HasTwoOrThreeDigits(double bytes, string text) => Assert.Equal(text, HumanText.Bytes(bytes));

    [Theory]
    [InlineData(0, "0/s")]
    [InlineData(0.04, "0/s")]
    [InlineData(0.4, "0.4/s")]
    [InlineData(9.96, "10/s")]
    [InlineData(118.4, "118/s")]
    public void PerSecond_Number_HasADecimalBelow10(double count, string text) => Assert.Equal(text, HumanText.PerSecond(count));

    [Theory]
    [InlineData(0.9, "0s")]
    [InlineData(12, "12s")]
    [InlineData(119, "1m")]
    [InlineData(4 * 3600, "4h")]
    [InlineData(2.5 * 86400, "2d")]
    [InlineData(-5, "0s")]
    public void Age_Time_IsInItsLargestUnit(double seconds, string text) =>
        Assert.Equal(text, HumanText.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.2, "0s")]
    [InlineData(192.7, "3m12s")]
    public void Elapsed_Time_IsInWholeSeconds(double seconds, string text) =>
        Assert.Equal(text, HumanText.Elapsed(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.375, "38 %")]
    [InlineData(0.05, "5 %")]
    [InlineData(0.0125, "1.3 %")]
    public void Percent_Fraction_HasTwoDigits(double fraction, string text) => Assert.Equal(text, HumanText.Percent(fraction));
}
