using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Draws two backends at random, with probabilities in proportion to their weights, and picks the one with fewer connections relative to
/// its weight (Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001). Several load balancers in
/// front of the same backends do not synchronize. Equivalent to <c>random</c> of HAProxy.
/// </summary>
/// <param name="random">Seeds the draws.</param>
internal sealed class RandomPolicy(Random random) : IBalancingPolicy
{
    private readonly SplitMix _random = new(random);

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) => new RandomPlan(available, _random);
}
