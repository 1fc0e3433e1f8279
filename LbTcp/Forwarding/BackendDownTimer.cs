using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Ends a connection whose backend went down, at a moment of its own within the time over which those of all connections are spread. A
/// backend that returns keeps what is left. Checked by the sweep.
/// </summary>
internal struct BackendDownTimer
{
    // Multiples of the golden ratio fall evenly into the unit interval, whatever run of numbers is taken (Knuth, TAOCP volume 3, section
    // 6.4).
    private const double GoldenRatio = 0.6180339887498949;

    // One field, as every connection has it.
    private const long NeverSeenHealthy = 0;
    private const long Healthy = -1;

    private long _downSince; // in the clock's timestamps, or one of the two

    /// <summary>Ends <paramref name="connection"/> when its moment has come.</summary>
    public void Check(ActiveConnection connection, ForwardingOptions options, TimeProvider timeProvider)
    {
        if (options.OnDown is OnDown.Keep || connection.Dial.Backend is not { } backend)
            return;
        if (backend.IsHealthy)
        {
            _downSince = Healthy;
        }
        else if (_downSince != NeverSeenHealthy || connection.Dial.Lease is { WasHealthy: true })
        {
            if (_downSince is NeverSeenHealthy or Healthy)
                _downSince = timeProvider.GetTimestamp();
            if (timeProvider.GetElapsedTime(_downSince) >= options.CloseSpread * (connection.Id * GoldenRatio % 1))
                connection.End(ConnectionEndReason.BackendDown);
        }
    }
}
