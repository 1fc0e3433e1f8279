using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Picks the backend of the lowest rank among those with a free slot. A tree keeps the ranks, and each backend reports changes of its load,
/// so that neither a pick nor a change examines all backends. A lock guards the tree for tens of nanoseconds at a time: after every change
/// the counts of the backend are read within the lock, so the last reader sees the last change. The tree is built without the lock, which
/// takes longer in a large pool.
/// </summary>
internal sealed class RankedPlan : IBalancingPlan
{
    private readonly Lock _gate = new();
    private readonly Backend[] _backends;
    private readonly Leaf[] _leaves;
    private readonly TournamentTree _tree;
    private readonly Func<Backend, int, double> _rank;
    private readonly bool _takesTurns;
    private volatile bool _isBuilt;
    private long _turn;

    /// <summary>Prepares picks and replaces <paramref name="previous"/>, which no longer receives notifications.</summary>
    /// <param name="available">The backends, at least one.</param>
    /// <param name="rank">Computes the rank of a backend with a free slot from its counts and its effective weight.</param>
    /// <param name="takesTurns">
    /// Whether backends of equal rank are picked in turn; otherwise the first in the given order is picked.
    /// </param>
    /// <param name="previous">The previous plan, or null.</param>
    public RankedPlan(WeightedBackends available, Func<Backend, int, double> rank, bool takesTurns, RankedPlan? previous)
    {
        _rank = rank;
        _takesTurns = takesTurns;
        _turn = previous?._turn ?? 0;
        _tree = new TournamentTree(available.Count);
        _backends = available.ToArray();
        _leaves = new Leaf[_backends.Length];
        for (int i = 0; i < _leaves.Length; i++)
        {
            _leaves[i] = new Leaf(this, i, available.Weights[i]);
            _tree.Set(i, TournamentTree.Out, TurnOf(_backends[i], previous) ?? i - _leaves.Length);
        }

        previous?.Detach();
        for (int i = 0; i < _leaves.Length; i++)
            _backends[i].ReplaceLoadObserver(before: null, _leaves[i]);
        Interlocked.MemoryBarrier(); // a count that changed without a notification is visible from here on
        BuildTree();
    }

    public Backend? Pick(in PickRequest request)
    {
        lock (_gate)
        {
            int best = FindBest(in request);
            if (best < 0)
                return null;
            if (_takesTurns)
                _tree.ChangeTurn(best, ++_turn);
            return _backends[best];
        }
    }

    public Backend? Peek(in PickRequest request)
    {
        lock (_gate)
            return FindBest(in request) is >= 0 and int best ? _backends[best] : null;
    }

    /// <summary>Ends the notifications of the backends that still notify this plan. Picks continue with the counts known so far.</summary>
    public void Detach()
    {
        for (int i = 0; i < _leaves.Length; i++)
            _backends[i].ReplaceLoadObserver(_leaves[i], next: null);
    }

    // Without turns the order is a promise: there, a backend that is held is picked like any other.
    private int FindBest(in PickRequest request)
    {
        int best = _takesTurns ? _tree.FindBest(_backends, in request, avoidsHeld: true) : -1;
        return best >= 0 ? best : _tree.FindBest(_backends, in request, avoidsHeld: false);
    }

    private void BuildTree()
    {
        for (int i = 0; i < _leaves.Length; i++)
            _tree.Set(i, _leaves[i].Rank, _tree.Turn(i));
        _tree.Build();
        _isBuilt = true;
        Interlocked.MemoryBarrier(); // a change that the tree missed is recorded by now, or finds the tree built
        foreach (Leaf leaf in _leaves)
            leaf.CatchUp();
    }

    // Null for a backend that was not in the previous plan; it counts as the least recently picked one.
    private static long? TurnOf(Backend backend, RankedPlan? previous) =>
        previous is not null && LeafOf(backend, previous) is { } leaf ? previous._tree.Turn(leaf.Index) : null;

    private static Leaf? LeafOf(Backend backend, RankedPlan plan) => backend.LoadObserver switch
    {
        Leaf leaf => leaf.Plan == plan ? leaf : null,
        LoadObservers several => several.All.OfType<Leaf>().FirstOrDefault(leaf => leaf.Plan == plan),
        _ => null,
    };

    /// <summary>The entry of a backend in the tree.</summary>
    private sealed class Leaf(RankedPlan plan, int index, int weight) : ILoadObserver
    {
        private readonly Backend _backend = plan._backends[index];
        private bool _hasMissedChange;

        public RankedPlan Plan => plan;

        public int Index => index;

        public double Rank => _backend.IsFull ? TournamentTree.Out : plan._rank(_backend, weight);

        public void LoadChanged()
        {
            // A connection does not wait for the tree of a large pool.
            if (!plan._isBuilt)
            {
                _ = Interlocked.Exchange(ref _hasMissedChange, true); // a full fence before the second look
                if (!plan._isBuilt)
                    return;
            }

            UpdateRank();
        }

        /// <summary>Applies a change that came while the tree was built.</summary>
        public void CatchUp()
        {
            if (Volatile.Read(ref _hasMissedChange))
                UpdateRank();
        }

        private void UpdateRank()
        {
            lock (plan._gate)
                plan._tree.ChangeRank(index, Rank);
        }
    }
}
