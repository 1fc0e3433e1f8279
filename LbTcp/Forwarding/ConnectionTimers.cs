using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// The time limits of one connection, checked now and then by the sweep: the data path counts bytes and knows nothing of time.
/// </summary>
/// <param name="startedAt">When the connection began, in the clock's timestamps.</param>
internal struct ConnectionTimers(long startedAt)
{
    private const int NotAsked = -1;

    private long _progress;
    private long _progressAt = startedAt;
    private DeliveryWatch? _delivery;

    // Four bytes each, as every connection has them.
    private int _acknowledged = NotAsked; // the lower 31 bits of the count, which is compared only
    private uint _askAt; // in milliseconds of the connection's age, overflowing; 0 while no question is due

    /// <summary>Ends <paramref name="connection"/>, or its current stage, when a limit has passed.</summary>
    public void Check(ActiveConnection connection, ForwardingOptions options, TimeProvider timeProvider)
    {
        StageDeadline? stage = connection.Stage;
        QueuedConnection? wait = connection.Dial.Wait;
        if (stage is not null || wait is not null || connection.Dial.IsDialling)
        {
            if (connection.Client.IsReset)
                connection.End(ConnectionOutcome.ReasonOf(connection.Client));
            wait?.Check(timeProvider);
            stage?.Check(timeProvider);
            _progressAt = timeProvider.GetTimestamp(); // a stage has a limit of its own
            return;
        }

        bool isHalfClosed = connection.SidesEnded > 0;
        TimeSpan limit = isHalfClosed ? options.HalfCloseTimeout : options.IdleTimeout;
        bool hasProgressed = HasProgressed(connection, timeProvider.GetTimestamp());
        if (_delivery is null && IsUnderWay(connection, isHalfClosed, hasProgressed, options))
            _delivery = Watch(connection);
        CheckDelivery(connection, isHalfClosed, options, timeProvider);
        if (hasProgressed || limit == TimeSpan.Zero)
            return;
        TimeSpan stalled = timeProvider.GetElapsedTime(_progressAt);
        if (stalled >= limit / 2 && _acknowledged < 0)
            _acknowledged = Acknowledged(connection);
        if (stalled >= limit && !HasBeenAcknowledged(connection, timeProvider.GetTimestamp()))
            connection.End(isHalfClosed ? ConnectionEndReason.HalfCloseTimeout : ConnectionEndReason.IdleTimeout);
    }

    /// <summary>For how long no byte has moved, as far as the latest check knows. May be called while another thread checks.</summary>
    public readonly TimeSpan IdleTime(ActiveConnection connection, TimeProvider timeProvider) =>
        Progress(connection) == Volatile.Read(in _progress)
            ? timeProvider.GetElapsedTime(Volatile.Read(in _progressAt))
            : TimeSpan.Zero;

    // Whether a watch is needed: bytes wait in this program, or in the system some time after bytes have moved. A connection that
    // has become idle costs one question.
    private bool IsUnderWay(ActiveConnection connection, bool isHalfClosed, bool hasProgressed, ForwardingOptions options)
    {
        if (isHalfClosed || connection.ToBackend is { HasBytesToDeliver: true } || connection.ToClient is { HasBytesToDeliver: true })
            return true;
        uint now = (uint)(long)connection.Age.TotalMilliseconds;
        if (hasProgressed && _askAt == 0 && DeliveryWatch.QuestionAfter(options) is { } later)
            _askAt = Math.Max(1, now + (uint)later.TotalMilliseconds);
        if (_askAt == 0 || (int)(now - _askAt) < 0)
            return false;
        _askAt = 0;
        return IsUnflushed(connection.Client) || IsUnflushed(connection.Dial.Connection);
    }

    private static DeliveryWatch? Watch(ActiveConnection connection)
    {
        if (connection is not { Dial.Connection: { } backend, ToBackend: { } toBackend, ToClient: { } toClient })
            return null; // it is not relayed
        return new DeliveryWatch(
            new DirectionWatch(connection.Client, backend, toBackend), new DirectionWatch(backend, connection.Client, toClient));
    }

    // After a failure the relay delivers what is left, within the half-close timeout.
    private void CheckDelivery(ActiveConnection connection, bool isHalfClosed, ForwardingOptions options, TimeProvider timeProvider)
    {
        if (_delivery is null || connection.Failure is not null)
            return;
        if (_delivery.Check(isHalfClosed, options, timeProvider) is { } reason)
            connection.End(reason);
        if (_delivery.IsOver)
            _delivery = null;
    }

    private bool HasProgressed(ActiveConnection connection, long now)
    {
        long progress = Progress(connection);
        if (progress == _progress)
            return false;
        _progress = progress;
        _progressAt = now;
        _acknowledged = NotAsked;
        return true;
    }

    // A slow reader empties megabytes of system buffers before this program can write again: what its system has acknowledged in the
    // second half of the limit is progress, too.
    private bool HasBeenAcknowledged(ActiveConnection connection, long now)
    {
        int acknowledged = Acknowledged(connection);
        if (acknowledged == _acknowledged)
            return false;
        _acknowledged = acknowledged;
        _progressAt = now;
        return true;
    }

    // The end of a side counts like a byte: the half-close limit starts with it.
    private static long Progress(ActiveConnection connection) =>
        BytesMoved(connection.ToBackend) + BytesMoved(connection.ToClient) + connection.SidesEnded;

    private static long BytesMoved(Transfer? transfer) => transfer is null ? 0 : transfer.BytesReceived + transfer.BytesSent;

    private static bool IsUnflushed(IConnection? connection) => connection?.Info is { IsFlushed: false };

    private static int Acknowledged(ActiveConnection connection) =>
        (int)((Acknowledged(connection.Client) + Acknowledged(connection.Dial.Connection)) & int.MaxValue);

    private static long Acknowledged(IConnection? connection) => connection?.Info?.BytesAcknowledged ?? 0;
}
