using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Picks by a repeating sequence; skips backends that may not be picked, and those that are held.</summary>
/// <param name="sequence">One cycle of picks; at least one.</param>
/// <param name="turns">Counts the picks.</param>
internal sealed class SequencePlan(Backend[] sequence, TurnCounter turns) : IBalancingPlan
{
    public Backend? Pick(in PickRequest request) => At(turns.Next(), in request);

    public Backend? Peek(in PickRequest request) => At(turns.Peek(), in request);

    private Backend? At(ulong pick, in PickRequest request)
    {
        int turn = (int)(pick % (ulong)sequence.Length);
        Backend backend = sequence[turn];
        return request.Prefers(backend) ? backend : request.FirstPreferred(sequence, turn);
    }
}
