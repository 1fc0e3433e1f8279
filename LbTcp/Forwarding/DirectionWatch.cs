using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>Finds out whether one direction of a connection is stuck, and whether the peer that it delivers to has vanished.</summary>
/// <param name="source">The side that the bytes come from.</param>
/// <param name="destination">The side that they go to.</param>
/// <param name="transfer">Moves them.</param>
internal sealed class DirectionWatch(IConnection source, IConnection destination, Transfer transfer)
{
    private const long NotAsked = -1;

    // The time for which a destination may take nothing once the source was reset: a reader that is merely slow gets the rest.
    private static readonly TimeSpan _resetGrace = TimeSpan.FromSeconds(1);

    private PeerSilence _silence;
    private long _sent = -1; // at the last check of a direction that may be stuck
    private long _acknowledged;
    private long _stuckSince;

    /// <summary>Whether bytes were received that could not be sent yet.</summary>
    public bool HasBytesToDeliver => transfer.BytesReceived > transfer.BytesSent;

    /// <summary>The reason to end the connection if the direction is stuck; null if it is not.</summary>
    /// <param name="isHalfClosed">Whether a side has finished: then the half-close timeout applies, not the idle timeout.</param>
    /// <param name="idleTimeout">The time limit; zero for none.</param>
    /// <param name="timeProvider">The clock.</param>
    public ConnectionEndReason? CheckProgress(bool isHalfClosed, TimeSpan idleTimeout, TimeProvider timeProvider)
    {
        bool hasBytes = HasBytesToDeliver;
        bool isReset = (hasBytes || isHalfClosed) && source.IsReset; // otherwise the transfer, which waits for the source, finds it at once
        if (isReset)
            return IsStuck(_resetGrace, timeProvider) ? ResetOf(source.Side) : null;
        if (hasBytes && !isHalfClosed && idleTimeout > TimeSpan.Zero)
            return IsStuck(idleTimeout, timeProvider) ? ConnectionEndReason.Stalled : null;
        _sent = -1;
        return null;
    }

    /// <summary>The reason to end the connection if the destination has vanished; null if it has not.</summary>
    /// <param name="timeout">The time limit.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="isFlushed">Whether nothing is under way to the destination, as far as the system reports it.</param>
    public ConnectionEndReason? CheckPeer(TimeSpan timeout, TimeProvider timeProvider, out bool isFlushed)
    {
        isFlushed = true;
        if (destination.Info is not { } info)
            return null;
        isFlushed = info.IsFlushed;
        return _silence.Lasts(in info, timeout, timeProvider) ? LossOf(destination.Side) : null;
    }

    // A slow reader empties megabytes of system buffers before this program can write again: what its system acknowledges is progress, too.
    private bool IsStuck(TimeSpan limit, TimeProvider timeProvider)
    {
        long sent = transfer.BytesSent;
        if (sent != _sent)
        {
            _sent = sent;
            _acknowledged = NotAsked;
            _stuckSince = timeProvider.GetTimestamp();
            return false;
        }

        if (_acknowledged != NotAsked && timeProvider.GetElapsedTime(_stuckSince) < limit)
            return false;
        bool isFirst = _acknowledged == NotAsked; // asked for at the second check, as most directions have moved by then
        long before = _acknowledged;
        _acknowledged = destination.Info?.BytesAcknowledged ?? 0;
        if (_acknowledged == before)
            return true;
        if (!isFirst)
            _stuckSince = timeProvider.GetTimestamp();
        return false;
    }

    private static ConnectionEndReason ResetOf(ConnectionSide side) =>
        side is ConnectionSide.Client ? ConnectionEndReason.ClientReset : ConnectionEndReason.BackendReset;

    private static ConnectionEndReason LossOf(ConnectionSide side) =>
        side is ConnectionSide.Client ? ConnectionEndReason.ClientLost : ConnectionEndReason.BackendLost;
}
