using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Decides which backend the next connection goes to. Called from any number of threads.</summary>
internal interface IBalancingPolicy
{
    /// <summary>Picks one of <paramref name="candidates"/>, or null when there is none. Neither blocks nor allocates.</summary>
    Backend? Pick(IReadOnlyList<Backend> candidates);
}
