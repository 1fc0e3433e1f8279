using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class AccessLogTests
{
    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    [InlineData("errors")]
    [InlineData("sample=1/2")]
    [InlineData("sample=1/100")]
    [InlineData("sample=1/2147483647")]
    public void TryParse_Text_IsFormattedAsItIsRead(string text)
    {
        Assert.True(AccessLog.TryParse(text, out AccessLog value));
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("yes")]
    [InlineData("On")]
    [InlineData("sample")]
    [InlineData("sample=")]
    [InlineData("sample=1/")]
    [InlineData("sample=1/0")]
    [InlineData("sample=1/-2")]
    [InlineData("sample=1/ 2")]
    [InlineData("sample=1/2.5")]
    [InlineData("sample=1/2147483648")]
    [InlineData("sample=2/3")]
    [InlineData("sample=0.01")]
    public void TryParse_AnotherText_IsRefused(string text) => Assert.False(AccessLog.TryParse(text, out _));

    // Every connection is in the sample.
    [Fact]
    public void TryParse_SampleOfAll_IsOn()
    {
        Assert.True(AccessLog.TryParse("sample=1/1", out AccessLog value));
        Assert.Equal(("on", AccessLog.On), (value.ToString(), value));
    }

    [Theory]
    [InlineData("on", true, true)]
    [InlineData("off", false, false)]
    [InlineData("errors", false, true)]
    public void Includes_Word_DecidesByTheOutcome(string text, bool completed, bool failed)
    {
        Assert.True(AccessLog.TryParse(text, out AccessLog value));
        Assert.Equal((completed, failed), (value.Includes(7, isCompleted: true), value.Includes(7, isCompleted: false)));
    }

    [Fact]
    public void Includes_Sample_IsEveryNthIdAndEveryFailure()
    {
        AccessLog sample = AccessLog.Sample(100);
        Assert.Equal([100, 200], Enumerable.Range(1, 250).Where(id => sample.Includes(id, isCompleted: true)));
        Assert.All(Enumerable.Range(1, 250), id => Assert.True(sample.Includes(id, isCompleted: false)));
    }
}
