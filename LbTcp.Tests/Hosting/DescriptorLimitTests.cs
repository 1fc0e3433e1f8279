using LbTcp.Hosting;

namespace LbTcp.Tests.Hosting;

public class DescriptorLimitTests
{
    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max open files            20000                524288               files
        Max locked memory         8388608              8388608              bytes
        """;

    [Fact]
    public void Parse_Limits_GivesTheSoftOne() => Assert.Equal(20_000, DescriptorLimit.Parse(Limits));

    [Fact]
    public void Parse_Unlimited_GivesTheGreatestNumber() =>
        Assert.Equal(long.MaxValue, DescriptorLimit.Parse("Max open files            unlimited            unlimited            files"));

    [Theory]
    [InlineData("")]
    [InlineData("Max open files")]
    [InlineData("Max open files            many")]
    [InlineData("Max cpu time              unlimited            unlimited            seconds")]
    public void Parse_AnythingElse_GivesNull(string limits) => Assert.Null(DescriptorLimit.Parse(limits));

    [SkippableFact]
    public void Read_Linux_GivesALimit()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux has /proc/self/limits");
        Assert.InRange(DescriptorLimit.Read() ?? 0, 1, long.MaxValue);
    }
}
