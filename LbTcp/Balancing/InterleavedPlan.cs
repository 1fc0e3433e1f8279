using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Weighted round robin for large pools, by virtual time as in stride scheduling (Waldspurger and Weihl, MIT/LCS/TM-528, 1995): a backend
/// of weight w has its turns at the times (k - 1/2) / w, so that each time unit, one cycle, has exactly w of them. Backends of the same
/// weight have their turns at the same times, as one round in the order of the pool; so only rounds are stored, and a pick is a binary
/// search among them.
/// </summary>
internal sealed class InterleavedPlan : IBalancingPlan
{
    // The weights 1 to 256 make 32,896 rounds. Only slow start can exceed the limit; the weights are then rounded.
    private const int MostRounds = 65_536;

    private readonly TurnCounter _turns;
    private readonly Backend[] _grouped;
    private readonly long[] _startOfRound; // the turn of the cycle at which each round begins
    private readonly int[] _groupOfRound; // the index in _grouped at which the group of each round begins
    private readonly long _cycle;

    /// <summary>Prepares the rounds of one cycle.</summary>
    /// <param name="backends">The backends, at least one.</param>
    /// <param name="weights">Their weights, above 0, with no common divisor.</param>
    /// <param name="rounds">Computes the order of the rounds.</param>
    /// <param name="turns">Counts the picks.</param>
    public InterleavedPlan(Backend[] backends, int[] weights, InterleavedRounds rounds, TurnCounter turns)
    {
        _turns = turns;
        _grouped = [.. backends];
        int[] bounded = Bounded(weights);
        (int[] groupWeights, int[] starts) = Group(bounded, _grouped);
        int[] order = rounds.Of(groupWeights);
        _startOfRound = new long[order.Length];
        _groupOfRound = new int[order.Length];
        for (int round = 0; round < order.Length; round++)
        {
            int group = order[round];
            _startOfRound[round] = _cycle;
            _groupOfRound[round] = starts[group];
            _cycle += starts[group + 1] - starts[group];
        }
    }

    public Backend? Pick(in PickRequest request) => At(_turns.Next(), in request);

    public Backend? Peek(in PickRequest request) => At(_turns.Peek(), in request);

    private Backend? At(ulong pick, in PickRequest request)
    {
        long turn = (long)(pick % (ulong)_cycle);
        int found = Array.BinarySearch(_startOfRound, turn);
        int round = found >= 0 ? found : ~found - 1;
        int index = _groupOfRound[round] + (int)(turn - _startOfRound[round]);
        Backend backend = _grouped[index];
        return request.Prefers(backend) ? backend : request.FirstPreferred(_grouped, index);
    }

    private static int[] Bounded(int[] weights)
    {
        long rounds = weights.Distinct().Sum(weight => (long)weight);
        return rounds <= MostRounds
            ? weights
            : Array.ConvertAll(weights, weight => (int)Math.Max(1, Math.Round((double)weight * MostRounds / rounds)));
    }

    // Sorts the backends by weight, and those of one weight in the order of the pool. Returns the distinct weights, and the index at which
    // each of them begins, followed by the number of backends.
    private static (int[] Weights, int[] Starts) Group(int[] weights, Backend[] backends)
    {
        long[] keys = new long[weights.Length]; // by weight first, then by the order of the pool
        for (int i = 0; i < keys.Length; i++)
            keys[i] = ((long)weights[i] << 32) | (uint)i;
        Array.Sort(keys, backends);
        var distinct = new List<int>();
        var starts = new List<int>();
        for (int i = 0; i < keys.Length; i++)
        {
            int weight = (int)(keys[i] >> 32);
            if (distinct.Count > 0 && distinct[^1] == weight)
                continue;
            distinct.Add(weight);
            starts.Add(i);
        }

        return ([.. distinct], [.. starts, keys.Length]);
    }
}
