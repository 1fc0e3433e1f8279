using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;

namespace LbTcp.Forwarding;

/// <summary>
/// The slots at the backends that a balancer picks. When every available backend of the tier in use has been tried, the next tier follows:
/// backup backends, then any, if that is requested. Safe for use by any number of threads.
/// </summary>
/// <param name="balancer">Picks backends.</param>
/// <param name="options">Say what happens while no backend is available.</param>
internal sealed class BackendSlots(Balancer balancer, CurrentOptions<ForwardingOptions> options)
{
    private WeightedBackends Available => TriesAny ? balancer.Current.Pool.AvailableOrAny : balancer.Current.Pool.Available;

    private bool TriesAny => options.Value.WhenAllDown is WhenAllDown.TryAny;

    /// <summary>
    /// Acquires a slot at one of the backends that <paramref name="connection"/> has not tried yet, and makes the connection hold it.
    /// </summary>
    /// <returns>The slot; null when none is free.</returns>
    public BackendLease? TryAcquire(ActiveConnection connection)
    {
        // A backend may fill up between the pick and the attempt to acquire its slot: then the next one is picked.
        var request = new PickRequest(connection.Source.SourceAddress(), connection.Dial.Tried);
        while (Pick(connection, in request, out PickTier tier) is { } backend)
        {
            if (TryAcquire(backend, tier) is { } lease)
            {
                connection.Dial.Hold(lease);
                return lease;
            }
        }

        return null;
    }

    /// <summary>
    /// Acquires a slot for a dial beside that of <paramref name="backend"/>: at the backend that the algorithm picks among those that the
    /// connection has not tried. Backups, and backends that are not available, are not used for that.
    /// </summary>
    /// <returns>The slot, which the caller has to release; null when there is none.</returns>
    public BackendLease? TryAcquireBeside(ActiveConnection connection, Backend backend)
    {
        var request = new PickRequest(connection.Source.SourceAddress(), [.. connection.Dial.Tried, backend]);
        while (balancer.Current.Plan.Pick(in request) is { } other)
        {
            if (TryAcquire(other, PickTier.Available) is { } lease)
                return lease;
        }

        return null;
    }

    /// <summary>
    /// Whether there may be a slot to wait for. A backend without a limit has none. When every available backend was tried, the backup
    /// backends are next.
    /// </summary>
    public bool MayWait(ActiveConnection connection)
    {
        IReadOnlyList<Backend> tried = connection.Dial.Tried;
        bool isLeft = false;
        foreach (Backend backend in Available.Except(tried))
        {
            if (backend.MaxConnections > 0)
                return true;
            isLeft = true;
        }

        return !isLeft && tried.Count > 0 && balancer.Current.Fallback.HasLimitedBackup(tried);
    }

    private BackendLease? TryAcquire(Backend backend, PickTier tier)
    {
        BackendLease? lease = backend.TryAcquire();
        lease?.PickedFrom(tier, balancer.Current.Pool.Available.Count);
        return lease;
    }

    // A tier that is only full is waited for.
    private Backend? Pick(ActiveConnection connection, in PickRequest request, out PickTier tier)
    {
        tier = balancer.Current.Pool.Available.Count > 0 ? PickTier.Available : PickTier.Any;
        if (Plan().Pick(in request) is { } backend)
            return backend;
        if (connection.Dial.Tried.Count == 0 || Available.Except(connection.Dial.Tried).Any())
            return null;
        FallbackPlan fallback = balancer.Current.Fallback;
        tier = PickTier.Backup;
        if (fallback.PickBackup(in request) is { } backup)
            return backup;
        tier = PickTier.Any;
        return TriesAny ? fallback.PickAny(in request) : null;
    }

    private IBalancingPlan Plan() => TriesAny ? balancer.Current.AnyPlan : balancer.Current.Plan;
}
