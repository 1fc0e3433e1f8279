using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

namespace LbTcp.Hosting.Operations;

/// <summary>How new connections are meant to be shared among the backends of a group, as of one snapshot.</summary>
internal sealed class PickShares
{
    private readonly Dictionary<Backend, int> _units = [];
    private readonly PickSnapshot _picks;
    private readonly Algorithm _algorithm;
    private readonly long _total;

    /// <summary>Computes the shares.</summary>
    /// <param name="picks">The picks of the group.</param>
    /// <param name="algorithm">The algorithm of the service.</param>
    /// <param name="serverNames">The server names of the group; none for the default group.</param>
    public PickShares(PickSnapshot picks, Algorithm algorithm, IReadOnlyList<string>? serverNames = null)
    {
        ServerNames = serverNames ?? [];
        _picks = picks;
        _algorithm = algorithm;
        for (int i = 0; i < picks.Weights.Count; i++)
        {
            _units.Add(picks.Weights[i], picks.Weights.Weights[i]);
            _total += picks.Weights.Weights[i];
        }
    }

    /// <summary>The server names of the connections that are shared; none for those of the default group.</summary>
    public IReadOnlyList<string> ServerNames { get; }

    /// <summary>The sum of the effective weights.</summary>
    public double TotalWeight => _total / (double)_picks.UnitsPerWeight;

    /// <summary>The backends that take part, in the order of the pool.</summary>
    public IReadOnlyList<Backend> Backends => _picks.Weights;

    /// <summary>Returns whether new connections may go to <paramref name="backend"/>, if it has a free slot.</summary>
    public bool Includes(Backend backend) => _units.ContainsKey(backend);

    /// <summary>Returns the weight in effect, lowered by a slow start; 0 if the backend does not take part.</summary>
    public double WeightOf(Backend backend) => _units.GetValueOrDefault(backend) / (double)_picks.UnitsPerWeight;

    /// <summary>Returns the share of new connections, 0 to 1, that the backend is meant to get.</summary>
    public double ShareOf(Backend backend)
    {
        if (!_units.TryGetValue(backend, out int units))
            return 0;
        if (_algorithm is Algorithm.First)
            return Backends.FirstOrDefault(each => !each.IsFull) == backend ? 1 : 0;
        return units / (double)_total;
    }

    /// <summary>Returns the backends with their shares, the largest first.</summary>
    public IReadOnlyList<BackendShare> ReadAll() =>
        [.. Backends.Select(backend => new BackendShare(backend.Name, ShareOf(backend))).OrderByDescending(share => share.Share)];

    /// <summary>
    /// Returns how many of the <see cref="SlowStart.StepsPerWeight"/> steps of its slow start it has made; null if it is in none.
    /// </summary>
    public int? StepsOf(Backend backend)
    {
        if (_picks.UnitsPerWeight == 1 || !_units.TryGetValue(backend, out int units))
            return null;
        int steps = units / StateOf(backend).Weight;
        return steps < SlowStart.StepsPerWeight ? steps : null;
    }

    /// <summary>Returns the state of the backend in the snapshot.</summary>
    public BackendState StateOf(Backend backend)
    {
        int index = _picks.Pool.All.IndexOf(backend);
        return index < 0 ? BackendState.Of(backend) : _picks.Pool.States[index];
    }
}
