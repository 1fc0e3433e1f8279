using System.Numerics;
using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Finds the best of many entries that change one at a time: the one of the lowest rank, among equals the one of the lowest turn. Each
/// inner node of the tree stores the better of its two children (Knuth, The Art of Computer Programming, volume 3, section 5.4.1), so that
/// a change costs one comparison per level. Not thread-safe.
/// </summary>
/// <param name="count">The number of entries; at least one.</param>
internal sealed class TournamentTree(int count)
{
    /// <summary>The rank of an entry that cannot be picked.</summary>
    public const double Out = double.PositiveInfinity;

    private readonly int _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)count);
    private readonly Entry[] _entries = CreateEntries(count);
    private int[] _winners = [];

    /// <summary>Sets an entry before the tree is built.</summary>
    public void Set(int index, double rank, long turn) => _entries[index] = new Entry(rank, turn);

    /// <summary>Builds the tree from the entries.</summary>
    public void Build()
    {
        _winners = new int[2 * _leaves];
        for (int leaf = 0; leaf < _leaves; leaf++)
            _winners[_leaves + leaf] = Math.Min(leaf, count); // the extra entry stands for all unused leaves
        for (int node = _leaves - 1; node > 0; node--)
            _winners[node] = Better(_winners[2 * node], _winners[(2 * node) + 1]);
    }

    /// <summary>The turn of an entry.</summary>
    public long Turn(int index) => _entries[index].Turn;

    /// <summary>Changes the rank of an entry.</summary>
    public void ChangeRank(int index, double rank)
    {
        _entries[index].Rank = rank;
        Replay(index);
    }

    /// <summary>Changes the turn of an entry.</summary>
    public void ChangeTurn(int index, long turn)
    {
        _entries[index].Turn = turn;
        Replay(index);
    }

    /// <summary>
    /// Returns the index of the best entry whose backend <paramref name="request"/> allows, or prefers if <paramref name="avoidsHeld"/> is
    /// true; or -1. Entries of the rank <see cref="Out"/> are skipped.
    /// </summary>
    public int FindBest(Backend[] backends, in PickRequest request, bool avoidsHeld)
    {
        int best = FindBest(1, backends, in request, avoidsHeld);
        return best == count ? -1 : best;
    }

    // The winner of a node is rarely rejected; if it is, the result is the better of the best permitted entries of the two children.
    private int FindBest(int node, Backend[] backends, in PickRequest request, bool avoidsHeld)
    {
        int winner = _winners[node];
        if (double.IsPositiveInfinity(_entries[winner].Rank))
            return count;
        if (avoidsHeld ? request.Prefers(backends[winner]) : request.Allows(backends[winner]))
            return winner;
        if (node >= _leaves)
            return count;
        return Better(
            FindBest(2 * node, backends, in request, avoidsHeld), FindBest((2 * node) + 1, backends, in request, avoidsHeld));
    }

    private void Replay(int index)
    {
        int winner = index;
        Entry best = _entries[index];
        for (int node = _leaves + index; node > 1; node >>= 1)
        {
            int other = _winners[node ^ 1];
            if (_entries[other].IsBetterThan(in best))
            {
                winner = other;
                best = _entries[other];
            }

            _winners[node >> 1] = winner;
        }
    }

    private int Better(int left, int right) => _entries[right].IsBetterThan(in _entries[left]) ? right : left;

    private static Entry[] CreateEntries(int count)
    {
        var entries = new Entry[count + 1];
        entries[count] = new Entry(Out, long.MaxValue);
        return entries;
    }

    private struct Entry(double rank, long turn)
    {
        public double Rank = rank;
        public long Turn = turn;

        public readonly bool IsBetterThan(in Entry other) => Rank < other.Rank || (Rank == other.Rank && Turn < other.Turn);
    }
}
