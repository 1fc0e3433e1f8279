using LbTcp.Configuration;

namespace LbTcp.Balancing;

/// <summary>Creates the policy of an algorithm.</summary>
internal static class Policies
{
    /// <summary>Creates a policy for one pool.</summary>
    public static IBalancingPolicy Create(Algorithm algorithm) => algorithm switch
    {
        Algorithm.RoundRobin => new RoundRobinPolicy(),
        Algorithm.LeastConn => new LeastConnPolicy(),
        Algorithm.Random => new RandomPolicy(Random.Shared),
        Algorithm.Source => new SourcePolicy(),
        Algorithm.First => new FirstPolicy(),
        _ => throw new InvalidOperationException($"Unknown algorithm {algorithm}."),
    };
}
