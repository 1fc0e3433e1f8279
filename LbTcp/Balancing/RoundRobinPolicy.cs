using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Picks the backends in turn, in proportion to their weights: in one cycle, whose length is the sum of the weights, each backend gets
/// exactly its share, spread over the cycle. Pools of common size use nginx's sequence (<see cref="SmoothSequence"/>), computed in advance;
/// where that would take too long, <see cref="InterleavedPlan"/> is used.
/// </summary>
internal sealed class RoundRobinPolicy : IBalancingPolicy
{
    // Computing nginx's sequence takes (backends x picks in a cycle) steps of about a nanosecond.
    private const long MostSteps = 1_000_000;

    private readonly InterleavedRounds _rounds = new();
    private readonly TurnCounter _turns = new();

    public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members)
    {
        Backend[] backends = available.ToArray();
        int[] weights = ReducedWeights.Of(available.Weights);
        if (Array.TrueForAll(weights, weight => weight == 1))
            return new SequencePlan(backends, _turns);
        long cycle = weights.Sum(weight => (long)weight);
        return cycle * backends.Length <= MostSteps
            ? new SequencePlan(SmoothSequence.Of(backends, weights), _turns)
            : new InterleavedPlan(backends, weights, _rounds, _turns);
    }
}
