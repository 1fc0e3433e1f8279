using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Picks among the backends it was prepared for. Called from any number of threads.</summary>
internal interface IBalancingPlan
{
    /// <summary>Picks a backend that <paramref name="request"/> allows, or null when there is none. Neither waits nor allocates.</summary>
    Backend? Pick(in PickRequest request);
}
