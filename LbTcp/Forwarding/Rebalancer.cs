using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>
/// Moves connections from backends that have more than their share, on request: closes the longest idle ones slowly, so that their clients
/// reconnect. Every tick computes the shares anew. Safe for use by any number of threads.
/// </summary>
/// <param name="weights">Returns the available backends with their effective weights, group by group: each has shares of its own.</param>
/// <param name="connections">The connections of the service.</param>
/// <param name="options">Whether the clients of the service reconnect.</param>
/// <param name="logger">Receives the result.</param>
internal sealed partial class Rebalancer(
    Func<IReadOnlyList<WeightedBackends>> weights,
    ActiveConnections connections,
    CurrentOptions<ForwardingOptions> options,
    ILogger<Rebalancer> logger)
{
    private readonly SurplusConnections _surplus = new(connections);
    private readonly Lock _gate = new();
    private volatile Rebalance? _current;

    /// <summary>Raised after <see cref="Tick"/> became shorter.</summary>
    public event Action? Started;

    /// <summary>The interval at which <see cref="Advance"/> should be called; infinite while there is nothing to do.</summary>
    public TimeSpan Tick => _current?.Interval ?? Timeout.InfiniteTimeSpan;

    /// <summary>Starts a rebalance, instead of one that is under way.</summary>
    /// <param name="perSecond">The maximum number of connections to close per second; above 0.</param>
    /// <param name="tolerance">The surplus to leave, as a fraction of the share: 0.1 for 10 %.</param>
    /// <returns>
    /// The backends in surplus; empty if there are none, so that nothing was started. Null if the clients of the service do not reconnect.
    /// </returns>
    public IReadOnlyList<BackendSurplus>? Start(double perSecond, double tolerance)
    {
        IReadOnlyList<BackendSurplus> surpluses;
        lock (_gate)
        {
            if (!options.Value.Reconnectable)
                return null;
            IReadOnlyList<WeightedBackends> groups = weights();
            surpluses = Find(groups, tolerance);
            int planned = surpluses.Sum(surplus => surplus.Surplus);
            _current = planned == 0 ? null : new Rebalance(perSecond, tolerance, planned, [.. groups.SelectMany(group => group)]);
        }

        Started?.Invoke();
        return surpluses;
    }

    /// <summary>Closes the connections whose time has come.</summary>
    public void Advance()
    {
        lock (_gate)
        {
            if (_current is not { } current)
                return;
            IReadOnlyList<WeightedBackends> groups = weights();
            IReadOnlyList<BackendSurplus> surpluses = Find(groups, current.Tolerance);
            string? end = !options.Value.Reconnectable ? "the service is no longer reconnectable"
                : current.HasLost(groups.SelectMany(group => group)) ? "a backend is no longer available"
                : surpluses.Count == 0 ? "no backend is in surplus"
                : current.Left == 0 ? "as many as planned were closed"
                : null;
            if (end is null)
            {
                Close(current, surpluses);
                return;
            }

            _current = null;
            Log.RebalanceEnded(logger, current.Closed, surpluses.Sum(surplus => surplus.Surplus), end);
        }
    }

    private void Close(Rebalance current, IReadOnlyList<BackendSurplus> surpluses)
    {
        Dictionary<Backend, int> left = surpluses.ToDictionary(surplus => surplus.Backend, surplus => surplus.Surplus);
        bool isSelected = false;
        for (current.BeginTick(); current.MayClose;)
        {
            if (current.Selected.TryDequeue(out IdleConnection next))
            {
                if (!IsToClose(next) || left.GetValueOrDefault(next.Backend) == 0)
                    continue;
                next.Connection.End(ConnectionEndReason.Rebalanced);
                left[next.Backend]--;
                current.CountClosed();
            }
            else if (isSelected)
            {
                return; // what is in surplus is not relayed yet, or ends at the moment
            }
            else
            {
                isSelected = true;
                current.Selected = _surplus.Select(surpluses, current.SelectionSize);
            }
        }
    }

    private static IReadOnlyList<BackendSurplus> Find(IReadOnlyList<WeightedBackends> groups, double tolerance) =>
        [.. groups.SelectMany(group => BackendSurplus.Find(group, tolerance))];

    // Not one that has ended or moved bytes since it was selected.
    private static bool IsToClose(IdleConnection selected) =>
        !selected.Connection.IsDecided && selected.Connection.SidesEnded == 0 && selected.Connection.Idle >= selected.Idle;

    private static partial class Log
    {
        [LoggerMessage(EventIds.RebalanceEnded, LogLevel.Information, "rebalance ended closed={Closed} surplus={Surplus} cause={Cause}")]
        public static partial void RebalanceEnded(ILogger logger, int closed, int surplus, string cause);
    }
}
