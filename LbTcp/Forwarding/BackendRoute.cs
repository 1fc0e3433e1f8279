using LbTcp.Backends;
using LbTcp.Balancing;

namespace LbTcp.Forwarding;

/// <summary>How connections reach one group of backends.</summary>
/// <param name="Names">The server names of the group; none for the default group.</param>
/// <param name="Balancer">Picks among its backends only.</param>
/// <param name="Queue">Acquires slots at them.</param>
internal sealed record BackendRoute(IReadOnlyList<string> Names, Balancer Balancer, ConnectionQueue Queue)
{
    /// <inheritdoc cref="BackendGroup.Key"/>
    public string Key { get; } = BackendGroup.KeyOf(Names);

    /// <summary>The backends of the group.</summary>
    public IReadOnlyList<Backend> Backends => Balancer.Current.Pool.All;

    /// <summary>The backends of the group that may be picked, with their effective weights.</summary>
    public WeightedBackends Weights => Balancer.Current.Weights;
}
