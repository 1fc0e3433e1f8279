using System.Net;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// One client's connection while it is served: its ends, its way to a backend, the bytes that move, and the way to end it from outside. Its
/// handler writes; the sweep of the timers and a stop, which run on other threads, read and call <see cref="End"/>.
/// </summary>
internal sealed class ActiveConnection
{
    private readonly TimeProvider _timeProvider;
    private ConnectionTimers _timers;
    private BackendDownTimer _downTimer;
    private ConnectionOutcome _outcome = new();
    private ConnectionPreface? _preface; // most connections have none
    private readonly IConnection _accepted;
    private volatile StageDeadline? _stage;
    private volatile Transfer? _toBackend;
    private volatile Transfer? _toClient;

    /// <summary>For a client that was just accepted.</summary>
    public ActiveConnection(long id, IConnection client, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        Id = id;
        _accepted = client;
        StartedAt = timeProvider.GetTimestamp();
        Dial = new BackendDial(this);
        _timers = new ConnectionTimers(StartedAt);
    }

    /// <summary>The connection's number, unique while the process lives.</summary>
    public long Id { get; }

    /// <summary>Its neighbour among the active connections.</summary>
    public ActiveConnection? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public ActiveConnection? Next { get; set; }

    /// <summary>The client's side: the accepted connection, or the one over it whose bytes are relayed.</summary>
    public IConnection Client => _preface?.Client ?? _accepted;

    /// <summary>The connection that was accepted, whatever runs over it. Its peer may be a proxy.</summary>
    public IConnection Accepted => _accepted;

    /// <summary>What the stages found out; null if none has found anything.</summary>
    public ConnectionPreface? Preface => _preface;

    /// <summary>When it was accepted, in the clock's timestamps.</summary>
    public long StartedAt { get; }

    /// <summary>How long ago it was accepted.</summary>
    public TimeSpan Age => _timeProvider.GetElapsedTime(StartedAt);

    /// <summary>The way to its backend.</summary>
    public BackendDial Dial { get; }

    /// <summary>
    /// The address that the connection comes from, for the algorithm and the record: the peer's, unless a preface says otherwise.
    /// </summary>
    public EndPoint Source => _preface?.Source ?? _accepted.RemoteEndPoint;

    /// <summary>
    /// The address that the client connected to: the local one, unless a preface says otherwise; null when it is unknown.
    /// </summary>
    public EndPoint? Destination => _preface?.Destination ?? _accepted.LocalEndPoint;

    /// <summary>The time limit of the current stage; null when the stage has none.</summary>
    public StageDeadline? Stage => _stage;

    /// <summary>Moves the client's bytes; null before the relay.</summary>
    public Transfer? ToBackend => _toBackend;

    /// <summary>Moves the backend's bytes; null before the relay.</summary>
    public Transfer? ToClient => _toClient;

    /// <summary>Bytes from the client that were passed to its backend.</summary>
    public long BytesIn => _toBackend?.BytesSent ?? 0;

    /// <summary>Bytes from its backend that were passed to the client.</summary>
    public long BytesOut => _toClient?.BytesSent ?? 0;

    /// <summary>For how long no byte has moved, as exact as the sweep is frequent. May be read from any thread.</summary>
    public TimeSpan Idle => _timers.IdleTime(this, _timeProvider);

    /// <summary>Why it ended, once it has ended.</summary>
    public ConnectionEndReason Reason => _outcome.Reason();

    /// <inheritdoc cref="ConnectionOutcome.SidesEnded"/>
    public int SidesEnded => _outcome.SidesEnded;

    /// <summary>Whether the backend has finished or failed.</summary>
    public bool HasBackendFinished => _outcome.HasBackendFinished;

    /// <inheritdoc cref="ConnectionOutcome.Failure"/>
    public ConnectionException? Failure => _outcome.Failure;

    /// <inheritdoc cref="ConnectionOutcome.IsDecided"/>
    public bool IsDecided => _outcome.IsDecided;

    /// <summary>Starts the time limit of a stage; the sweep fires its token when the time is up.</summary>
    public StageDeadline BeginStage(TimeSpan timeout)
    {
        var stage = new StageDeadline(_timeProvider.GetTimestamp(), timeout);
        _ = Interlocked.Exchange(ref _stage, stage); // a full fence: either this sees that the end was decided, or End sees the stage
        if (IsDecided)
            stage.Cancel();
        return stage;
    }

    /// <summary>Ends the time limit of the current stage.</summary>
    public void EndStage() => _stage = null;

    /// <summary>Returns what the stages found out, for a stage to add to it.</summary>
    public ConnectionPreface NeedPreface() =>
        _preface ?? Interlocked.CompareExchange(ref _preface, new ConnectionPreface(), null) ?? _preface;

    /// <summary>Records the transfers; the record and the time limits go by their counts.</summary>
    public void BytesMove(Transfer toBackend, Transfer? toClient)
    {
        _toBackend = toBackend;
        _toClient = toClient;
    }

    /// <summary>Records that one side has sent everything.</summary>
    public void SideEnded(ConnectionSide side)
    {
        _outcome.SideEnded(side);

        // A backend that has finished can serve others, however long the client keeps its side open.
        if (side is ConnectionSide.Backend)
            Dial.Lease?.EndUse();
    }

    /// <summary>Records that one side has failed.</summary>
    public void SideFailed(ConnectionException failure)
    {
        _outcome.Failed(failure);
        SideEnded(failure.Side);
    }

    /// <inheritdoc cref="ConnectionOutcome.Decide"/>
    public void Decide(ConnectionEndReason reason) => _outcome.Decide(reason);

    /// <summary>
    /// Ends the connection at once, with a reset on both sides. May be called from any thread, repeatedly; the first reason counts, which
    /// may be a failure of a side whose other side was still to receive the rest.
    /// </summary>
    public void End(ConnectionEndReason reason)
    {
        if (Failure is null || reason is ConnectionEndReason.InternalError)
            Decide(reason);
        _stage?.Cancel();
        Client.Abort();
        Dial.End();
    }

    /// <summary>Ends the connection or its current stage when a time limit has passed. Called by the sweep alone.</summary>
    public void CheckTimers(ForwardingOptions options)
    {
        _timers.Check(this, options, _timeProvider);
        _downTimer.Check(this, options, _timeProvider);
    }

    /// <summary>The end record, once the connection has ended.</summary>
    public ConnectionEndRecord ToRecord()
    {
        (long fromClient, long sent) = (_toBackend?.BytesReceived ?? 0, _toBackend?.BytesSent ?? 0);
        (long fromBackend, long received) = (_toClient?.BytesReceived ?? 0, _toClient?.BytesSent ?? 0);
        return new ConnectionEndRecord
        {
            Id = Id,
            Client = Source,
            Via = _preface?.Source is null ? null : _accepted.RemoteEndPoint,
            ServerName = _preface?.ServerName,
            Backend = Dial.Backend?.Name,
            Address = Dial.Connection?.RemoteEndPoint,
            Reason = Reason,
            EndedBy = _outcome.EndedBy(),
            Sent = sent,
            Received = received,
            Queue = Dial.Queued,
            QueueLength = Dial.QueueLength,
            Undelivered = fromClient - sent + fromBackend - received,
            Connect = Dial.Duration,
            Duration = Age,
            FailedAttempts = Dial.FailedAttempts,
        };
    }
}
