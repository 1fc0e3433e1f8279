namespace LbTcp.Balancing;

/// <summary>
/// The order in which weights have their rounds in one cycle by virtual time: weight w at the times (k - 1/2) / w. It is kept until other
/// weights are asked for, for most changes of a pool leave the same weights in it. Not thread-safe.
/// </summary>
internal sealed class InterleavedRounds
{
    private int[] _weights = [];
    private int[] _order = [];

    /// <summary>For each round of the cycle the index of its weight.</summary>
    /// <param name="weights">The weights, each once, in a certain order.</param>
    public int[] Of(int[] weights)
    {
        if (!weights.AsSpan().SequenceEqual(_weights))
            (_weights, _order) = (weights, Sort(weights));
        return _order;
    }

    private static int[] Sort(int[] weights)
    {
        int[] order = new int[weights.Sum()];
        double[] times = new double[order.Length];
        int round = 0;
        for (int index = 0; index < weights.Length; index++)
        {
            for (int k = 0; k < weights[index]; k++)
            {
                times[round] = (k + 0.5) / weights[index];
                order[round++] = index;
            }
        }

        Array.Sort(times, order);
        return order;
    }
}
