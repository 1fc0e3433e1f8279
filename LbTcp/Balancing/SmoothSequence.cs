using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Smooth weighted round robin as in nginx (commit 52327e0627f4, "Upstream: smooth weighted round-robin balancing", 2012): at each pick the
/// current weight of every backend grows by its weight; the backend with the highest current weight is picked, and its current weight is
/// reduced by the sum of all weights. Weights 5, 1, 1 give a a b a c a a.
/// </summary>
internal static class SmoothSequence
{
    /// <summary>Returns one cycle, whose length is the sum of the weights; after it all current weights are 0 again.</summary>
    public static Backend[] Of(Backend[] backends, int[] weights)
    {
        int total = weights.Sum();
        var sequence = new Backend[total];
        int[] current = new int[weights.Length];
        for (int pick = 0; pick < total; pick++)
        {
            int best = 0;
            for (int i = 0; i < current.Length; i++)
            {
                current[i] += weights[i];
                if (current[i] > current[best])
                    best = i;
            }

            current[best] -= total;
            sequence[pick] = backends[best];
        }

        return sequence;
    }
}
