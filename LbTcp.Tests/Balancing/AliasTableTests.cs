using LbTcp.Balancing;

namespace LbTcp.Tests.Balancing;

public sealed class AliasTableTests
{
    // Every column in steps: the probabilities are counted, not sampled.
    [Theory]
    [InlineData(1)]
    [InlineData(1, 1, 1)]
    [InlineData(256, 1, 1, 7)]
    [InlineData(3, 2, 1)]
    public void Draw_AllNumbers_GiveEachEntryItsShare(params int[] weights)
    {
        const int Steps = 4_096;
        var table = new AliasTable(weights);
        int[] drawn = new int[weights.Length];

        for (ulong column = 0; column < (ulong)weights.Length; column++)
        {
            ulong high = ((column << 32) / (ulong)weights.Length) + 1;
            for (ulong step = 0; step < Steps; step++)
                drawn[table.Draw((high << 32) | (step << 20))]++;
        }

        for (int i = 0; i < weights.Length; i++)
            Assert.Equal((double)weights[i] / weights.Sum(), (double)drawn[i] / drawn.Sum(), 1.0 / Steps);
    }
}
