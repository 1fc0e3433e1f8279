namespace LbTcp.Health;

/// <summary>
/// Selects the checks that a tick starts, in order: suspected backends after all others, and among equals the one that has been due longest
/// first. Not thread-safe.
/// </summary>
/// <param name="places">The places for probes; backends that can get none are left out.</param>
internal sealed class DueChecks(ProbePlaces places)
{
    private static readonly Comparison<BackendCheck> _order = static (one, other) =>
        one.IsSuspected == other.IsSuspected ? one.Due.CompareTo(other.Due) : one.IsSuspected.CompareTo(other.IsSuspected);

    private readonly List<BackendCheck> _due = [];

    /// <summary>Returns the checks among <paramref name="checks"/> that are due. Valid until the next call.</summary>
    public List<BackendCheck> Select(BackendCheck[] checks, TimeSpan now)
    {
        _due.Clear();
        if (!places.IsFree(isSuspected: false))
            return _due;
        bool hasPlaceForSuspected = places.IsFree(isSuspected: true);
        foreach (BackendCheck check in checks)
        {
            if (check.IsDue(now) && (hasPlaceForSuspected || !check.IsSuspected))
                _due.Add(check);
        }

        _due.Sort(_order);
        return _due;
    }
}
