using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>The backends' shares in the smallest whole numbers: what counts is their ratio, and cycles get shorter.</summary>
internal static class ReducedShares
{
    /// <summary>The shares, in the order of the backends, divided by what they have in common.</summary>
    public static int[] Of(IReadOnlyList<Backend> backends)
    {
        int[] shares = new int[backends.Count];
        int divisor = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = backends[i].EffectiveWeight;
            divisor = GreatestCommonDivisor(shares[i], divisor);
        }

        for (int i = 0; i < shares.Length; i++)
            shares[i] /= divisor;
        return shares;
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
