namespace LbTcp.Balancing;

/// <summary>
/// The order of the rounds of one cycle by virtual time: weight w has rounds at the times (k - 1/2) / w. The order is cached until the
/// weights differ, since most changes of a pool leave its set of weights the same. Not thread-safe.
/// </summary>
internal sealed class InterleavedRounds
{
    private int[] _weights = [];
    private int[] _order = [];

    /// <summary>Returns, for each round of the cycle, the index of its weight.</summary>
    /// <param name="weights">The distinct weights, in ascending order.</param>
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
