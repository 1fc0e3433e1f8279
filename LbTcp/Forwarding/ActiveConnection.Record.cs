using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <content>What is said about it in the end.</content>
internal sealed partial class ActiveConnection
{
    /// <summary>What is to be said about it, now that it has ended.</summary>
    public ConnectionEndRecord ToRecord()
    {
        ConnectionEndReason reason = Reason();
        long sent = _toBackend?.BytesSent ?? 0;
        long received = _toClient?.BytesSent ?? 0;
        return new ConnectionEndRecord
        {
            Id = Id,
            Client = Client.RemoteEndPoint,
            Backend = Backend?.Name,
            Address = _backendConnection?.RemoteEndPoint,
            Reason = reason,
            EndedBy = EndedBy(reason),
            Sent = sent,
            Received = received,
            Queue = Queued,
            QueueLength = _queueLength,
            Undelivered = (_toBackend?.BytesReceived ?? 0) - sent + (_toClient?.BytesReceived ?? 0) - received,
            Connect = _connectTime,
            Duration = timeProvider.GetElapsedTime(StartedAt),
            FailedAttempts = _failedAttempts ?? (IReadOnlyList<FailedAttempt>)[],
        };
    }

    private ConnectionEndReason Reason()
    {
        if (IsDecided)
            return (ConnectionEndReason)_decidedReason;
        if (Failure is not { } failure)
            return ConnectionEndReason.Completed;
        if (SocketErrors.IsLocalFault(failure.Error))
            return ConnectionEndReason.LocalFault;
        bool isReset = SocketErrors.IsReset(failure.Error);
        return failure.Side is ConnectionSide.Client
            ? isReset ? ConnectionEndReason.ClientReset : ConnectionEndReason.ClientLost
            : isReset ? ConnectionEndReason.BackendReset : ConnectionEndReason.BackendLost;
    }

    private ConnectionSide EndedBy(ConnectionEndReason reason) => reason switch
    {
        ConnectionEndReason.Completed => (ConnectionSide)_firstToEnd,
        ConnectionEndReason.ClientReset or ConnectionEndReason.ClientLost => ConnectionSide.Client,
        ConnectionEndReason.BackendReset or ConnectionEndReason.BackendLost or
            ConnectionEndReason.ConnectFailed or ConnectionEndReason.ConnectTimeout => ConnectionSide.Backend,
        ConnectionEndReason.NoBackendAvailable or ConnectionEndReason.QueueFull or ConnectionEndReason.QueueTimeout or
            ConnectionEndReason.LocalFault or ConnectionEndReason.IdleTimeout or ConnectionEndReason.HalfCloseTimeout or
            ConnectionEndReason.BackendDown or ConnectionEndReason.DrainTimeout or
            ConnectionEndReason.InternalError => ConnectionSide.LbTcp,
        _ => throw new InvalidOperationException($"Unknown reason {reason}."),
    };
}
