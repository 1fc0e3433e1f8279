using LbTcp.Hosting;

namespace LbTcp.Tests.Hosting;

public class StartRequirementsTests
{
    [Theory]
    [InlineData(null, 5)]
    [InlineData(21L, 5)]
    [InlineData(121L, 105)]
    [InlineData(long.MaxValue, 5)]
    public void VerifyDescriptors_Enough_Passes(long? limit, int open) => StartRequirements.VerifyDescriptors(limit, open, threads: 2);

    [Theory]
    [InlineData(20L, 5)]
    [InlineData(120L, 105)]
    public void VerifyDescriptors_TooFew_IsRefusedWithTheWayOut(long limit, int open)
    {
        var exception = Assert.Throws<StartException>(() => StartRequirements.VerifyDescriptors(limit, open, threads: 2));
        Assert.False(exception.IsConfigurationError);
        Assert.Equal(
            $"The limit of {limit} file descriptors is too low, at least {limit + 1} are needed. Raise it with 'ulimit -n' or LimitNOFILE.",
            exception.Message);
    }
}
