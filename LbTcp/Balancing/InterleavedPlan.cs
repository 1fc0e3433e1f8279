using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Weighted round robin for large pools, by virtual time as in stride scheduling (Waldspurger and Weihl, MIT/LCS/TM-528, 1995): a backend of
/// weight w has its turns at the times (k - 1/2) / w, so that each time unit, one cycle, has exactly w of them. Backends of the same weight
/// have theirs at the same times, one round in the order of the pool; so only rounds are kept, and a pick is a search among them.
/// </summary>
internal sealed class InterleavedPlan : IBalancingPlan
{
    // All weights from 1 to 256 make 32,896 rounds. Beyond that, which takes a slow start, the weights are rounded.
    private const int MostRounds = 65_536;

    private readonly TurnCounter _turns;
    private readonly Backend[] _grouped;
    private readonly long[] _startOfRound; // the turn of the cycle that each round begins with
    private readonly int[] _groupOfRound; // where the group of each round begins among the grouped
    private readonly long _cycle;

    /// <summary>Prepares the rounds of one cycle.</summary>
    /// <param name="backends">The backends, at least one.</param>
    /// <param name="weights">Their weights, above 0, with no common divisor.</param>
    /// <param name="turns">Counts the picks.</param>
    public InterleavedPlan(Backend[] backends, int[] weights, TurnCounter turns)
    {
        _turns = turns;
        IGrouping<int, Backend>[] groups = [.. backends.Zip(Bounded(weights)).GroupBy(pair => pair.Second, pair => pair.First)];
        _grouped = [.. groups.SelectMany(group => group)];
        int rounds = groups.Sum(group => group.Key);
        double[] times = new double[rounds];
        int[] groupOf = new int[rounds];
        int round = 0;
        for (int group = 0; group < groups.Length; group++)
        {
            for (int k = 0; k < groups[group].Key; k++)
            {
                times[round] = (k + 0.5) / groups[group].Key;
                groupOf[round++] = group;
            }
        }

        Array.Sort(times, groupOf);
        (int Start, int Count)[] spans = Spans(groups);
        _startOfRound = new long[rounds];
        _groupOfRound = new int[rounds];
        for (round = 0; round < rounds; round++)
        {
            _startOfRound[round] = _cycle;
            _groupOfRound[round] = spans[groupOf[round]].Start;
            _cycle += spans[groupOf[round]].Count;
        }
    }

    public Backend? Pick(in PickRequest request)
    {
        long turn = (long)(_turns.Next() % (ulong)_cycle);
        int found = Array.BinarySearch(_startOfRound, turn);
        int round = found >= 0 ? found : ~found - 1;
        int index = _groupOfRound[round] + (int)(turn - _startOfRound[round]);
        Backend backend = _grouped[index];
        return request.Allows(backend) ? backend : request.FirstAllowed(_grouped, index);
    }

    private static int[] Bounded(int[] weights)
    {
        long rounds = weights.Distinct().Sum(weight => (long)weight);
        return rounds <= MostRounds
            ? weights
            : Array.ConvertAll(weights, weight => (int)Math.Max(1, Math.Round((double)weight * MostRounds / rounds)));
    }

    private static (int Start, int Count)[] Spans(IGrouping<int, Backend>[] groups)
    {
        var spans = new (int Start, int Count)[groups.Length];
        int start = 0;
        for (int group = 0; group < groups.Length; group++)
        {
            spans[group] = (start, groups[group].Count());
            start += spans[group].Count;
        }

        return spans;
    }
}
