using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Two backends at random, each as likely as its weight says, and of the two the one with fewer connections in relation to its weight
/// (Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001). Several balancers in front of the same
/// backends do not fall into step. As <c>random</c> of HAProxy.
/// </summary>
/// <param name="random">Seeds the draws.</param>
internal sealed class RandomPolicy(Random random) : IBalancingPolicy
{
    private readonly SplitMix _random = new(random);

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members) => new RandomPlan(available, _random);
}
