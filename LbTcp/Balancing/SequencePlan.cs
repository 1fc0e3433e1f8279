using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Picks by a repeating sequence; skips backends that may not be picked.</summary>
/// <param name="sequence">One cycle of picks; at least one.</param>
/// <param name="turns">Counts the picks.</param>
internal sealed class SequencePlan(Backend[] sequence, TurnCounter turns) : IBalancingPlan
{
    public Backend? Pick(in PickRequest request)
    {
        int turn = (int)(turns.Next() % (ulong)sequence.Length);
        Backend backend = sequence[turn];
        return request.Allows(backend) ? backend : request.FirstAllowed(sequence, turn);
    }
}
