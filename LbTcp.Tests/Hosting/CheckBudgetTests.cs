using LbTcp.Hosting;

namespace LbTcp.Tests.Hosting;

public class CheckBudgetTests
{
    [Theory]
    [InlineData(20_000L, 3, 3, 3)]
    [InlineData(20_000L, 500, 500, 128)]
    [InlineData(20_000L, 50_000, 4_872, 128)] // a quarter of the limit in all
    [InlineData(1_048_576L, 50_000, 50_000, 128)]
    [InlineData(1_024L, 5_000, 192, 64)]
    [InlineData(null, 5_000, 192, 64)]
    [InlineData(64L, 5_000, 12, 4)]
    [InlineData(0L, 1, 1, 1)]
    [InlineData(long.MaxValue, int.MaxValue, int.MaxValue, 128)]
    public void For_LimitAndBackends_IsAPlaceForEachWithinAQuarter(long? descriptorLimit, int backends, int probes, int hangUps) =>
        Assert.Equal(new CheckBudget(probes, hangUps), CheckBudget.For(descriptorLimit, backends));
}
