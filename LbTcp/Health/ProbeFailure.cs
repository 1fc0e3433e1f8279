using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Health.Exchanges;

namespace LbTcp.Health;

/// <summary>Converts the failure of a probe to its result.</summary>
internal static class ProbeFailure
{
    /// <summary>Returns the result of a failed dial or connection; inconclusive if the cause is on this machine.</summary>
    /// <param name="error">The error.</param>
    /// <param name="timeout">The time limit of the probe.</param>
    /// <param name="exchange">The exchange that was begun; null if the dial failed.</param>
    public static ProbeResult Of(SocketError error, TimeSpan timeout, ProbeExchange? exchange = null)
    {
        string description = error is SocketError.TimedOut ? $"timed out after {DurationText.Of(timeout)}" : SocketErrors.Describe(error);
        return new ProbeResult(
            SocketErrors.IsLocalFault(error) ? ProbeOutcome.Inconclusive : ProbeOutcome.Unhealthy,
            exchange?.Describe(description) ?? description);
    }
}
