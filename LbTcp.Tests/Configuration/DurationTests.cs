using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2_000)]
    [InlineData("90s", 90_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("1h4ms", 3_600_004)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("0h0ms", 0)]
    public void TryParse_Duration_IsRead(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("00")]
    [InlineData("99999999999999999999")]
    public void TryParse_BareNumber_IsRefusedWithAHint(string text)
    {
        Assert.False(Duration.TryParse(text, out _, out string? problem));
        Assert.Equal($"'{text}' has no unit; write {text}s for seconds or {text}ms for milliseconds.", problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 2s")]
    [InlineData("2s ")]
    [InlineData("2 s")]
    [InlineData("-2s")]
    [InlineData("+2s")]
    [InlineData("1.5s")]
    [InlineData("2S")]
    [InlineData("2d")]
    [InlineData("s")]
    [InlineData("30s1m")]
    [InlineData("1s1s")]
    [InlineData("2s3")]
    [InlineData("2s\n")]
    [InlineData("２s")]
    [InlineData("9999999999s")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(Duration.TryParse(text, out _, out string? problem));
        Assert.EndsWith("is not a duration; write it like 500ms, 2s, 1m30s or 1h.", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1ms")]
    [InlineData(2_000, "2s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(3_723_004, "1h2m3s4ms")]
    [InlineData(360_000_000, "100h")]
    public void Format_Duration_IsWrittenAsItIsRead(long milliseconds, string expected)
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal(expected, Duration.Format(duration));
        Assert.True(Duration.TryParse(expected, out TimeSpan read, out _));
        Assert.Equal(duration, read);
    }
}
