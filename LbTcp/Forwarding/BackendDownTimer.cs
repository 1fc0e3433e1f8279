using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Ends a connection whose backend went down or was removed, at a moment of its own within the time over which those of all connections are
/// spread. A backend that returns keeps what is left. Checked by the sweep.
/// </summary>
internal struct BackendDownTimer
{
    // Multiples of the golden ratio fall evenly into the unit interval, whatever run of numbers is taken (Knuth, TAOCP volume 3, section
    // 6.4).
    private const double GoldenRatio = 0.6180339887498949;

    // One field, as every connection has it.
    private const long NeverSeenHealthy = 0;
    private const long Healthy = -1;

    // Either of the two, or since when the backend is gone, in the clock's timestamps: negative if it was never seen healthy.
    private long _goneSince;

    private readonly bool WasSeenHealthy => _goneSince is Healthy or > 0;

    /// <summary>Ends <paramref name="connection"/> when its moment has come.</summary>
    public void Check(ActiveConnection connection, ForwardingOptions options, TimeProvider timeProvider)
    {
        if (options is { OnDown: OnDown.Keep, OnRemoved: OnRemoved.Drain })
            return;
        if (connection.Dial is not { Backend: { } backend, Lease: { } lease })
            return;
        if (ReasonToClose(backend, lease, options) is not { } reason)
        {
            _goneSince = backend.IsHealthy || WasSeenHealthy ? Healthy : NeverSeenHealthy;
            return;
        }

        if (_goneSince is NeverSeenHealthy or Healthy)
            _goneSince = WasSeenHealthy ? timeProvider.GetTimestamp() : -timeProvider.GetTimestamp();
        if (timeProvider.GetElapsedTime(Math.Abs(_goneSince)) >= options.CloseSpread * (connection.Id * GoldenRatio % 1))
            connection.End(reason);
    }

    private readonly ConnectionEndReason? ReasonToClose(Backend backend, BackendLease lease, ForwardingOptions options)
    {
        if (options.OnRemoved is OnRemoved.Close && !backend.IsInPool)
            return ConnectionEndReason.BackendRemoved;
        bool wentDown = !backend.IsHealthy && (WasSeenHealthy || lease.WasHealthy);
        return options.OnDown is OnDown.Close && wentDown ? ConnectionEndReason.BackendDown : null;
    }
}
