using LbTcp.Diagnostics;

namespace LbTcp.Admission;

/// <summary>The answer of the limits to a client.</summary>
/// <param name="Refusal">The limit that is exceeded; null if the client is admitted.</param>
/// <param name="Taken">What the client has to give back when it has ended; null for nothing.</param>
/// <param name="DueAt">
/// When a refused client may be admitted, in the clock's timestamps; <see cref="long.MaxValue"/> when a connection of its source has ended.
/// </param>
/// <param name="IsForAll">Whether the limit is one of the service, which refuses every other client as well.</param>
internal readonly record struct AdmissionResult(
    ConnectionEndReason? Refusal, SourceConnections? Taken = null, long DueAt = long.MaxValue, bool IsForAll = false)
{
    /// <summary>Whether the client is admitted.</summary>
    public bool IsAdmitted => Refusal is null;
}
