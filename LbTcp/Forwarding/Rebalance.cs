using LbTcp.Backends;

namespace LbTcp.Forwarding;

/// <summary>The state of one rebalance.</summary>
/// <param name="perSecond">The number of connections to close per second; above 0.</param>
/// <param name="tolerance">The surplus to leave, as a fraction of the share.</param>
/// <param name="planned">
/// The number of connections in surplus at the beginning. No more are closed, so that an algorithm that sends clients back to where they
/// came from does not have them reconnect forever.
/// </param>
/// <param name="backends">The backends that were available at the beginning.</param>
internal sealed class Rebalance(double perSecond, double tolerance, int planned, IReadOnlyCollection<Backend> backends)
{
    private static readonly TimeSpan _shortestInterval = TimeSpan.FromMilliseconds(20);

    private double _due;

    /// <summary>The surplus to leave, as a fraction of the share.</summary>
    public double Tolerance => tolerance;

    /// <summary>The time from one close to the next; at high rates, from several to the next ones.</summary>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(Math.Max(1 / perSecond, _shortestInterval.TotalSeconds));

    /// <summary>The number of connections that are selected at a time: those of a second.</summary>
    public int SelectionSize => (int)Math.Clamp(Math.Ceiling(perSecond), 1, planned);

    /// <summary>The number of connections closed so far.</summary>
    public int Closed { get; private set; }

    /// <summary>The number of connections that may still be closed.</summary>
    public int Left => planned - Closed;

    /// <summary>The connections that are closed next.</summary>
    public Queue<IdleConnection> Selected { get; set; } = [];

    /// <summary>Whether a backend that was available at the beginning is no longer so.</summary>
    public bool HasLost(IEnumerable<Backend> available) => !backends.ToHashSet().IsSubsetOf(available);

    /// <summary>Adds the number of connections to close per interval. Ticks that were missed are not made up for.</summary>
    public void BeginTick() => _due = Math.Min(_due % 1, 1) + (perSecond * Interval.TotalSeconds);

    /// <summary>Whether another connection is to be closed in this tick.</summary>
    public bool MayClose => _due >= 1 && Left > 0;

    /// <summary>Counts a connection that was closed.</summary>
    public void CountClosed()
    {
        _due--;
        Closed++;
    }
}
