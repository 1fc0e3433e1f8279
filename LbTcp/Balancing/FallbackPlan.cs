using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// Picks outside the tier in use, for a connection whose dials to every available backend have failed: the backup backends that are
/// healthy, in turn, and after them, if requested, any backend that is ready, whatever the checks say. Such a pick is rare, so it searches
/// the pool instead of preparing a plan.
/// </summary>
/// <param name="pool">The pool.</param>
/// <param name="turns">Spreads the picks.</param>
internal sealed class FallbackPlan(PoolSnapshot pool, TurnCounter turns)
{
    /// <summary>Picks a healthy backup backend, or null when none is allowed.</summary>
    public Backend? PickBackup(in PickRequest request) => Pick(in request, static state => state is { IsHealthy: true, IsBackup: true });

    /// <summary>Picks any ready backend, or null when none is allowed.</summary>
    public Backend? PickAny(in PickRequest request) => Pick(in request, static _ => true);

    /// <summary>Whether <paramref name="tried"/> leaves a healthy backup backend with a limit, whose slot may be waited for.</summary>
    public bool HasLimitedBackup(IReadOnlyList<Backend> tried)
    {
        ReadOnlySpan<BackendState> states = pool.States;
        for (int i = 0; i < states.Length; i++)
        {
            bool isUsable = states[i] is { IsHealthy: true, IsBackup: true, AllowsConnections: true };
            if (isUsable && pool.All[i].MaxConnections > 0 && !tried.Contains(pool.All[i]))
                return true;
        }

        return false;
    }

    private Backend? Pick(in PickRequest request, Predicate<BackendState> isInTier)
    {
        ReadOnlySpan<BackendState> states = pool.States;
        int start = states.Length == 0 ? 0 : (int)(turns.Next() % (ulong)states.Length);
        for (int i = 0; i < states.Length; i++)
        {
            int index = (start + i) % states.Length;
            if (states[index].AllowsConnections && isInTier(states[index]) && request.Allows(pool.All[index]))
                return pool.All[index];
        }

        return null;
    }
}
