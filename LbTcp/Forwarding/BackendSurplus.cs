using LbTcp.Backends;

namespace LbTcp.Forwarding;

/// <summary>A backend with more connections than its share.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Open">The number of its connections.</param>
/// <param name="Target">The number that is its share.</param>
/// <param name="Surplus">The number of connections above its share and the tolerance; at least 1.</param>
internal sealed record BackendSurplus(Backend Backend, int Open, int Target, int Surplus)
{
    // What a multiplication of doubles may be too large by, so that 50 and 10 % are not 56.
    private const double Rounding = 1e-6;

    /// <summary>Finds the backends in surplus, as of now.</summary>
    /// <param name="weights">The available backends with their effective weights: their shares of all their connections.</param>
    /// <param name="tolerance">The surplus to leave, as a fraction of the share.</param>
    public static IReadOnlyList<BackendSurplus> Find(WeightedBackends weights, double tolerance)
    {
        int[] open = [.. weights.Select(backend => backend.OpenConnections)];
        long allOpen = open.Sum(count => (long)count);
        long allWeights = 0;
        foreach (int weight in weights.Weights)
            allWeights += weight;
        List<BackendSurplus> found = [];
        for (int i = 0; i < open.Length; i++)
        {
            double target = allOpen * (weights.Weights[i] / (double)allWeights);
            int surplus = open[i] - (int)Math.Min(int.MaxValue, Math.Ceiling((target * (1 + tolerance)) - Rounding));
            if (surplus > 0)
                found.Add(new BackendSurplus(weights[i], open[i], (int)Math.Round(target), surplus));
        }

        return found;
    }
}
