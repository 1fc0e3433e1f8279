using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Health;

/// <summary>Turns what went wrong with a probe into its result.</summary>
internal static class ProbeFailure
{
    /// <summary>The result of a failed dial or connection; inconclusive when this machine is to blame.</summary>
    /// <param name="error">What failed.</param>
    /// <param name="timeout">How long the probe was allowed to take.</param>
    /// <param name="request">What was asked, when the dial had succeeded.</param>
    public static ProbeResult Of(SocketError error, TimeSpan timeout, string? request = null)
    {
        string happened = error is SocketError.TimedOut ? $"timed out after {DurationText.Of(timeout)}" : SocketErrors.Describe(error);
        return new ProbeResult(
            SocketErrors.IsLocalFault(error) ? ProbeOutcome.Inconclusive : ProbeOutcome.Unhealthy,
            request is null ? happened : $"{request}: {happened}");
    }
}
