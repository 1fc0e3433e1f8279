using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>The plan when no backend is available.</summary>
internal sealed class EmptyPlan : IBalancingPlan
{
    /// <summary>The only instance.</summary>
    public static readonly EmptyPlan Instance = new();

    private EmptyPlan()
    {
    }

    public Backend? Pick(in PickRequest request) => null;

    public Backend? Peek(in PickRequest request) => null;
}
