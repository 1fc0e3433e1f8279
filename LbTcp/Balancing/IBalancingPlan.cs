using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Picks among the backends that it was prepared for. Its members are called from any number of threads.</summary>
internal interface IBalancingPlan
{
    /// <summary>
    /// Returns a backend that <paramref name="request"/> allows, or null if there is none. Does not allocate, and blocks at most for a
    /// short lock.
    /// </summary>
    Backend? Pick(in PickRequest request);

    /// <summary>
    /// Returns the backend that <see cref="Pick"/> would return now, and changes nothing: no turn is taken. Null if there is none, or if
    /// that depends on chance.
    /// </summary>
    Backend? Peek(in PickRequest request);
}
