using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>Picks the less loaded of two backends that are drawn at random.</summary>
internal sealed class RandomPlan : IBalancingPlan
{
    // With weights of 256 and 1, or with most backends full, the second draw often repeats the first or is not allowed.
    private const int MostDraws = 8;

    private readonly Backend[] _backends;
    private readonly int[] _weights;
    private readonly AliasTable _table;
    private readonly SplitMix _random;

    /// <summary>Prepares picks among at least one backend.</summary>
    public RandomPlan(WeightedBackends backends, SplitMix random)
    {
        _backends = backends.ToArray();
        _random = random;
        _weights = ReducedWeights.Of(backends.Weights);
        _table = new AliasTable(_weights);
    }

    public Backend? Pick(in PickRequest request)
    {
        int first = -1;
        for (int draws = 0; draws < MostDraws; draws++)
        {
            int drawn = _table.Draw(_random.Next());
            if (drawn == first || !request.Prefers(_backends[drawn]))
                continue;
            if (first >= 0)
                return _backends[IsLessLoaded(drawn, first) ? drawn : first];
            first = drawn;
        }

        return first >= 0 ? _backends[first] : request.FirstPreferred(_backends, _table.Draw(_random.Next()));
    }

    public Backend? Peek(in PickRequest request)
    {
        bool avoidsHeld = false;
        foreach (Backend backend in _backends)
            avoidsHeld |= request.Prefers(backend);
        Backend? only = null;
        foreach (Backend backend in _backends)
        {
            if (!request.Allows(backend) || (avoidsHeld && backend.IsHeld))
                continue;
            if (only is not null)
                return null; // by chance
            only = backend;
        }

        return only;
    }

    private bool IsLessLoaded(int a, int b) =>
        (long)_backends[a].BusyConnections * _weights[b] < (long)_backends[b].BusyConnections * _weights[a];
}
