using LbTcp.Configuration;
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

    // The time for which a backend may take nothing once its client was reset: the result of such an upload is of no use to anyone. A
    // client gets the answer of a backend that was reset, however slowly it reads, within the half-close timeout.
    private static readonly TimeSpan _uploadGrace = TimeSpan.FromSeconds(1);

    private PeerSilence _silence;
    private long _sent = -1; // at the last check of a direction that may be stuck
    private long _acknowledged;
    private long _stuckSince;

    /// <summary>The side that the bytes go to.</summary>
    public IConnection Destination => destination;

    /// <summary>Moves the bytes.</summary>
    public Transfer Transfer => transfer;

    /// <inheritdoc cref="Transfer.HasBytesToDeliver"/>
    public bool HasBytesToDeliver => transfer.HasBytesToDeliver;

    /// <summary>The reason to end the connection if the direction is stuck; null if it is not.</summary>
    /// <param name="isHalfClosed">Whether a side has finished: then the half-close timeout applies, not the idle timeout.</param>
    /// <param name="options">The time limits.</param>
    /// <param name="timeProvider">The clock.</param>
    public ConnectionEndReason? CheckProgress(bool isHalfClosed, ForwardingOptions options, TimeProvider timeProvider)
    {
        bool hasBytes = HasBytesToDeliver;

        // In any other state the transfer waits for the source, and finds its end at once.
        if ((hasBytes || isHalfClosed) && source.IsReset)
        {
            TimeSpan grace = source.Side is ConnectionSide.Client ? _uploadGrace : options.HalfCloseTimeout;
            return IsStuck(grace, timeProvider) ? ConnectionOutcome.ReasonOf(source) : null;
        }

        if (hasBytes && !isHalfClosed && options.IdleTimeout > TimeSpan.Zero)
            return IsStuck(options.IdleTimeout, timeProvider) ? ConnectionEndReason.Stalled : null;
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

    private static ConnectionEndReason LossOf(ConnectionSide side) =>
        side is ConnectionSide.Client ? ConnectionEndReason.ClientLost : ConnectionEndReason.BackendLost;
}
