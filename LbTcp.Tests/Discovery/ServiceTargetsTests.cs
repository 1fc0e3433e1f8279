using LbTcp.Discovery;

namespace LbTcp.Tests.Discovery;

public sealed class ServiceTargetsTests
{
    [Theory]
    [InlineData("1 2 3", "1 2 3")]
    [InlineData("0 0", "1 1")]
    [InlineData("0 10 20", "1 128 256")] // 0 has a very small chance
    [InlineData("65535 32768 1", "256 128 1")]
    [InlineData("256", "256")]
    [InlineData("0", "1")]
    public void Convert_Weights_KeepTheirRelationWithin256(string weights, string expected)
    {
        ServiceTarget[] targets = [.. weights.Split(' ').Select((weight, i) => new ServiceTarget($"web{i}", 80, 0, int.Parse(weight)))];

        Assert.Equal(expected, string.Join(' ', ServiceTargets.Convert(targets).Select(converted => converted.Weight)));
    }

    [Fact]
    public void Convert_Priorities_TheLowestNumberServesAndAllOthersAreBackups()
    {
        ServiceTarget[] targets = [new("c", 80, 30, 1000), new("a", 80, 10, 1), new("b", 80, 20, 500)];

        Assert.Equal(
            [("a", 1, false), ("c", 256, true), ("b", 128, true)],
            ServiceTargets.Convert(targets).Select(converted => (converted.Target.HostName, converted.Weight, converted.IsBackup)));
    }
}
