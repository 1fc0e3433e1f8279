using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Watches what is under way between a client and its backend, and decides when that ends the connection: a direction is stuck, a peer has
/// vanished, or the client is too slow. A connection has one only until everything was delivered and acknowledged, so that idle connections
/// cost no memory and no system call.
/// </summary>
/// <param name="toBackend">The direction from the client to the backend.</param>
/// <param name="toClient">The opposite direction.</param>
internal sealed class DeliveryWatch(DirectionWatch toBackend, DirectionWatch toClient)
{
    /// <summary>How often the system is asked about both peers per dead peer timeout, which is exceeded by a quarter at most.</summary>
    public const int QuestionsPerTimeout = 4;

    private long? _askedAt;
    private ClientPace? _pace;

    /// <summary>How long after bytes have moved the system is asked whether some are under way; null if it need not be.</summary>
    public static TimeSpan? QuestionAfter(ForwardingOptions options)
    {
        TimeSpan? forPeers = options.DeadPeerTimeout > TimeSpan.Zero ? options.DeadPeerTimeout / QuestionsPerTimeout : null;
        return options.MinRate > 0 && !(forPeers < ClientPace.Interval) ? ClientPace.Interval : forPeers;
    }

    /// <summary>Whether nothing was under way at the last check, which has asked the system.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The reason to end the connection; null if there is none.</summary>
    /// <param name="isHalfClosed">Whether a side has finished.</param>
    /// <param name="options">The time limits.</param>
    /// <param name="timeProvider">The clock.</param>
    public ConnectionEndReason? Check(bool isHalfClosed, ForwardingOptions options, TimeProvider timeProvider)
    {
        bool isFlushed = false;
        ConnectionEndReason? reason =
            toBackend.CheckProgress(isHalfClosed, options, timeProvider)
            ?? toClient.CheckProgress(isHalfClosed, options, timeProvider)
            ?? CheckPeers(options.DeadPeerTimeout, timeProvider, out isFlushed)
            ?? CheckPace(options.MinRate, timeProvider);
        IsOver = isFlushed && _pace is not { IsWaiting: true }
            && !isHalfClosed && !toBackend.HasBytesToDeliver && !toClient.HasBytesToDeliver;
        return reason;
    }

    private ConnectionEndReason? CheckPace(long minRate, TimeProvider timeProvider)
    {
        if (minRate == 0)
        {
            _pace = null;
            return null;
        }

        _pace ??= new ClientPace(toClient.Destination, toBackend.Transfer, toClient.Transfer);
        return _pace.IsTooSlow(minRate, timeProvider) ? ConnectionEndReason.ClientTooSlow : null;
    }

    private ConnectionEndReason? CheckPeers(TimeSpan timeout, TimeProvider timeProvider, out bool isFlushed)
    {
        isFlushed = timeout == TimeSpan.Zero; // then it does not matter
        if (isFlushed)
            return null;
        if (_askedAt is { } askedAt && timeProvider.GetElapsedTime(askedAt) < timeout / QuestionsPerTimeout)
            return null;
        _askedAt = timeProvider.GetTimestamp();
        ConnectionEndReason? backendLost = toBackend.CheckPeer(timeout, timeProvider, out bool isBackendFlushed);
        ConnectionEndReason? clientLost = toClient.CheckPeer(timeout, timeProvider, out bool isClientFlushed);
        isFlushed = isBackendFlushed && isClientFlushed;
        return backendLost ?? clientLost;
    }
}
