using LbTcp.Balancing;

namespace LbTcp.Tests.Balancing;

public sealed class InterleavedRoundsTests
{
    [Fact]
    public void Of_TwoWeights_SpreadsTheRoundsOfEachOverTheCycle() => Assert.Equal([1, 1, 0, 1, 1], new InterleavedRounds().Of([1, 4]));

    [Fact]
    public void Of_OtherWeightsOfTheSameNumber_IsComputedAgain()
    {
        var rounds = new InterleavedRounds();
        int[] first = rounds.Of([1, 4]);

        Assert.Same(first, rounds.Of([1, 4]));
        Assert.Equal([1, 0, 1], rounds.Of([1, 2]));
    }
}
