using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Each backend in turn, in the order of the pool.</summary>
internal sealed class RoundRobinPolicy : IBalancingPolicy
{
    private uint _turn = uint.MaxValue;

    public Backend? Pick(IReadOnlyList<Backend> candidates) =>
        candidates.Count == 0 ? null : candidates[(int)(Interlocked.Increment(ref _turn) % (uint)candidates.Count)];
}
