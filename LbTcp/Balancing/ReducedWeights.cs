namespace LbTcp.Balancing;

/// <summary>Reduces weights to the smallest whole numbers of the same ratio, which shortens cycles.</summary>
internal static class ReducedWeights
{
    /// <summary>Returns the weights divided by their greatest common divisor.</summary>
    /// <param name="weights">Weights above 0.</param>
    public static int[] Of(ReadOnlySpan<int> weights)
    {
        int divisor = 0;
        foreach (int weight in weights)
            divisor = GreatestCommonDivisor(weight, divisor);
        int[] reduced = new int[weights.Length];
        for (int i = 0; i < reduced.Length; i++)
            reduced[i] = weights[i] / divisor;
        return reduced;
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
