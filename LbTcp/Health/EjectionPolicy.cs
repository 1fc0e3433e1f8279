using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>
/// Decides for one batch of flips whether real traffic may eject a backend: ejections are limited to half of the pool, and never take the
/// last healthy backend of a group that clients may go to. The flips that are already planned are considered, and every permission counts.
/// Not thread-safe.
/// </summary>
internal sealed class EjectionPolicy
{
    private readonly ILookup<Backend, int>? _groups;
    private readonly int[] _serving; // of each group
    private int _permitted;

    /// <summary>Counts the ejected backends, and those that may serve clients, as they will be after <paramref name="flips"/>.</summary>
    public EjectionPolicy(IReadOnlyList<BackendHealth> records, IReadOnlyList<BackendGroup> groups, HealthFlips flips)
    {
        _permitted = records.Count / 2;
        _serving = new int[groups.Count];
        if (groups.Count > 1)
        {
            _groups = groups
                .SelectMany((group, number) => group.Pool.All.Select(backend => (Backend: backend, Number: number)))
                .ToLookup(each => each.Backend, each => each.Number);
        }
        foreach (BackendHealth record in records)
        {
            if (!flips.WillBeHealthy(record.Backend))
                _permitted -= record.Traffic.IsEjected ? 1 : 0;
            else if (MayServe(record.Backend))
                CountInGroups(record.Backend, 1);
        }
    }

    /// <summary>Returns whether <paramref name="backend"/>, which will be healthy, may be ejected; if so, it counts as ejected.</summary>
    public bool TryPermit(Backend backend)
    {
        int serving = MayServe(backend) ? 1 : 0;
        if (_permitted <= 0 || GroupsOf(backend).Any(group => _serving[group] <= serving))
            return false;
        _permitted--;
        CountInGroups(backend, -serving);
        return true;
    }

    private IEnumerable<int> GroupsOf(Backend backend) => _groups is null ? [0] : _groups[backend];

    private void CountInGroups(Backend backend, int count)
    {
        foreach (int group in GroupsOf(backend))
            _serving[group] += count;
    }

    private static bool MayServe(Backend backend) => backend is { Intent: BackendIntent.Ready, Weight: > 0 };
}
