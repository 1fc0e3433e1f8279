namespace LbTcp.Backends;

/// <summary>Several observers of one backend: it has one for each group of backends that it is in.</summary>
/// <param name="all">The observers; not modified afterwards.</param>
internal sealed class LoadObservers(ILoadObserver[] all) : ILoadObserver
{
    /// <summary>The observers.</summary>
    public IReadOnlyList<ILoadObserver> All => all;

    /// <summary>Returns <paramref name="current"/> with one observer replaced by another.</summary>
    /// <param name="current">One observer, several, or null for none.</param>
    /// <param name="before">The one that is notified no longer; null to replace none.</param>
    /// <param name="next">The one that is notified from now on; null for none.</param>
    public static ILoadObserver? Replace(ILoadObserver? current, ILoadObserver? before, ILoadObserver? next)
    {
        if (current == before)
            return next;
        ILoadObserver[] observers =
        [
            .. Of(current).Where(observer => observer != before),
            .. Of(next),
        ];
        return observers.Length switch
        {
            0 => null,
            1 => observers[0],
            _ => new LoadObservers(observers),
        };
    }

    public void LoadChanged()
    {
        foreach (ILoadObserver observer in all)
            observer.LoadChanged();
    }

    private static IEnumerable<ILoadObserver> Of(ILoadObserver? observer) => observer switch
    {
        null => [],
        LoadObservers several => several.All,
        _ => [observer],
    };
}
