using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>
/// Decides for one batch of flips whether real traffic may eject a backend: ejections are limited to half of the pool, and never take the
/// last healthy backend that clients may go to. The flips that are already planned are considered, and every permission counts. Not
/// thread-safe.
/// </summary>
internal sealed class EjectionPolicy
{
    private int _permitted;
    private int _serving;

    /// <summary>Counts the ejected backends, and those that may serve clients, as they will be after <paramref name="flips"/>.</summary>
    public EjectionPolicy(IReadOnlyList<BackendHealth> records, HealthFlips flips)
    {
        _permitted = records.Count / 2;
        foreach (BackendHealth record in records)
        {
            if (!flips.WillBeHealthy(record.Backend))
                _permitted -= record.Traffic.IsEjected ? 1 : 0;
            else if (MayServe(record.Backend))
                _serving++;
        }
    }

    /// <summary>Returns whether <paramref name="backend"/>, which will be healthy, may be ejected; if so, it counts as ejected.</summary>
    public bool TryPermit(Backend backend)
    {
        int others = MayServe(backend) ? _serving - 1 : _serving;
        if (_permitted <= 0 || others <= 0)
            return false;
        _permitted--;
        _serving = others;
        return true;
    }

    private static bool MayServe(Backend backend) => backend is { Intent: BackendIntent.Ready, Weight: > 0 };
}
