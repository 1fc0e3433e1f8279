using LbTcp.Hosting;

namespace LbTcp.Tests.Hosting;

public class ConnectionLimitTests
{
    [Theory]
    [InlineData(20_000, 3, 9_965)] // reserve 64 + 2 * 3
    [InlineData(20_000, 500, 9_654)] // reserve 64 + 500 + 128
    [InlineData(20_000, 50_000, 7_468)] // a quarter for checks at most
    [InlineData(1_024, 50_000, 352)]
    [InlineData(140, 1, 37)]
    [InlineData(100, 1, 25)] // reserve a half at most
    [InlineData(4, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(long.MaxValue, 1, int.MaxValue)]
    public void For_NothingRequested_ComesFromTheDescriptorLimit(long descriptorLimit, int backends, int expected)
    {
        var limit = ConnectionLimit.For(null, descriptorLimit, 0, backends);
        Assert.Equal(new ConnectionLimit(expected, $"descriptor limit {descriptorLimit}", null), limit);
    }

    [Fact]
    public void For_UnknownDescriptorLimit_AssumesOneAndNamesIt() =>
        Assert.Equal(new ConnectionLimit(479, "assumed descriptor limit 1024", null), ConnectionLimit.For(null, null, 0, 1));

    [Theory]
    [InlineData(1)]
    [InlineData(9_965)]
    public void For_RequestedAndPossible_IsTheRequestedNumber(int requested) =>
        Assert.Equal(new ConnectionLimit(requested, "--max-connections", null), ConnectionLimit.For(requested, 20_000, 0, 3));

    [Fact]
    public void For_RequestedTooMuch_IsThePossibleNumberWithAWarning()
    {
        var limit = ConnectionLimit.For(9_966, 20_000, 0, 3);
        Assert.Equal((9_965, "descriptor limit 20000"), (limit.Value, limit.Origin));
        Assert.Equal(
            "--max-connections 9966 is more than the descriptor limit 20000 allows, using 9965. Raise it with 'ulimit -n' or LimitNOFILE.",
            limit.Warning);
    }

    [Fact]
    public void For_RequestedWhereTheLimitIsUnknown_IsTheRequestedNumber() =>
        Assert.Equal(new ConnectionLimit(50_000, "--max-connections", null), ConnectionLimit.For(50_000, null, 0, 3));

    [Fact]
    public void For_DescriptorsInUse_AreNotCountedOn() =>
        Assert.Equal(7, ConnectionLimit.For(null, descriptorLimit: 140, openDescriptors: 60, backendCount: 1).Value);
}
