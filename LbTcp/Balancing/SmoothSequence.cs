using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Smooth weighted round robin as in nginx (commit 52327e0627f4, "Upstream: smooth weighted round-robin balancing", 2012): at each pick
/// every backend earns its weight, the richest is picked and pays what all have earned. Weights 5, 1, 1 give a a b a c a a.
/// </summary>
internal static class SmoothSequence
{
    /// <summary>One cycle, after which every backend has what it began with: as many picks as the weights add up to.</summary>
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
