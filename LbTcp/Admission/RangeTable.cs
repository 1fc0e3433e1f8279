using System.Numerics;

namespace LbTcp.Admission;

/// <summary>
/// Finds the first of many networks that contains an address. Networks nest or are disjoint, so they divide all addresses into ranges that
/// have one answer each: a look-up is a binary search for the range and allocates nothing.
/// </summary>
/// <typeparam name="T">The number that an address is.</typeparam>
internal sealed class RangeTable<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>The answer for an address that no network contains.</summary>
    public const int None = -1;

    private readonly T[] _starts;
    private readonly int[] _first;

    /// <summary>Computes the ranges.</summary>
    /// <param name="networks">The first and the last address of each network, with its place in the order of all.</param>
    public RangeTable(List<(T First, T Last, int Place)> networks)
    {
        // An outer network comes before the inner ones.
        networks.Sort(static (one, other) =>
            one.First != other.First ? one.First.CompareTo(other.First) : other.Last.CompareTo(one.Last));
        List<T> starts = [];
        List<int> first = [];
        var open = new Stack<(T Last, int Place)>();
        Begin(T.MinValue, None);
        foreach ((T start, T last, int place) in networks)
        {
            CloseBefore(start);
            int least = open.TryPeek(out (T Last, int Place) outer) ? Math.Min(place, outer.Place) : place;
            Begin(start, least);
            open.Push((last, least));
        }

        CloseBefore(T.MaxValue);
        _starts = [.. starts];
        _first = [.. first];

        // Ends the networks that do not reach an address. The next outer one goes on after them.
        void CloseBefore(T address)
        {
            while (open.TryPeek(out (T Last, int Place) inner) && inner.Last < address)
            {
                _ = open.Pop();
                Begin(inner.Last + T.One, open.TryPeek(out (T Last, int Place) outer) ? outer.Place : None);
            }
        }

        void Begin(T start, int place)
        {
            if (starts.Count > 0 && starts[^1] == start)
            {
                starts.RemoveAt(starts.Count - 1); // it would be empty
                first.RemoveAt(first.Count - 1);
            }

            if (first.Count > 0 && first[^1] == place)
                return;
            starts.Add(start);
            first.Add(place);
        }
    }

    /// <summary>The places of all networks that are the first one for some address; some of them several times.</summary>
    public IEnumerable<int> Effective => _first.Where(static place => place != None);

    /// <summary>Finds the place of the first network that contains <paramref name="address"/>; <see cref="None"/> if none does.</summary>
    public int Find(T address)
    {
        int index = _starts.AsSpan().BinarySearch(address);
        return _first[index >= 0 ? index : ~index - 1];
    }
}
