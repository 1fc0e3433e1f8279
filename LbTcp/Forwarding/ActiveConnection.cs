using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// One client's connection while it is served: what is known about it, and the way to end it from outside. Its handler writes; the sweep
/// of the timers and a stop, which run on other threads, read and call <see cref="End"/>.
/// </summary>
internal sealed class ActiveConnection(long id, IConnection client, TimeProvider clock)
{
    private ConnectionTimers _timers = new(clock.GetTimestamp());
    private List<FailedAttempt>? _failedAttempts;
    private Backend? _countedAgainst;
    private volatile IConnection? _backendConnection;
    private volatile ConnectAttempt? _attempt;
    private ConnectionException? _failure;
    private TimeSpan? _connectTime;
    private int _decidedReason = -1;
    private int _firstToEnd = -1;
    private volatile int _sidesEnded;

    /// <summary>The connection's number, unique while the process lives.</summary>
    public long Id { get; } = id;

    /// <summary>Its neighbour among the active connections.</summary>
    public ActiveConnection? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public ActiveConnection? Next { get; set; }

    /// <summary>The client's side.</summary>
    public IConnection Client { get; } = client;

    /// <summary>When it was accepted, in the clock's timestamps.</summary>
    public long StartedAt { get; } = clock.GetTimestamp();

    /// <summary>The backend that serves it, or null while there is none.</summary>
    public Backend? Backend { get; private set; }

    /// <summary>The backend's side, or null while there is none.</summary>
    public IConnection? BackendConnection => _backendConnection;

    /// <summary>The attempt under way to reach a backend, or null.</summary>
    public ConnectAttempt? Attempt => _attempt;

    /// <summary>How many of the two sides have finished or failed.</summary>
    public int SidesEnded => _sidesEnded;

    /// <summary>The first failure of a side, or null.</summary>
    public ConnectionException? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether it was decided how this connection ends.</summary>
    public bool IsDecided => Volatile.Read(ref _decidedReason) >= 0;

    /// <summary>Counts this connection against <paramref name="backend"/> until <see cref="ReleaseBackend"/>.</summary>
    public void CountAgainst(Backend backend)
    {
        backend.AddConnection();
        _countedAgainst = backend;
    }

    /// <summary>Takes this connection off its backend's count; further calls change nothing.</summary>
    public void ReleaseBackend() => Interlocked.Exchange(ref _countedAgainst, null)?.RemoveConnection();

    /// <summary>Starts the time limit of an attempt to reach a backend; the sweep cancels it when it has passed.</summary>
    public ConnectAttempt BeginAttempt(TimeSpan timeout)
    {
        var attempt = new ConnectAttempt(clock.GetTimestamp(), timeout);
        _ = Interlocked.Exchange(ref _attempt, attempt); // a full fence, as in End: one of the two sees the other
        if (IsDecided)
            attempt.Cancel();
        return attempt;
    }

    /// <summary>Remembers a backend that could not be reached.</summary>
    public void AttemptFailed(Backend backend, string error)
    {
        _attempt = null;
        (_failedAttempts ??= []).Add(new FailedAttempt(backend.Name, error));
    }

    /// <summary>Remembers the backend that was reached.</summary>
    public void Established(Backend backend, IConnection connection)
    {
        _connectTime = clock.GetElapsedTime(StartedAt);
        Backend = backend;
        _attempt = null;
        _ = Interlocked.Exchange(ref _backendConnection, connection); // a full fence, as above
        if (IsDecided)
            connection.Abort();
    }

    /// <summary>One side has sent all it had to send.</summary>
    public void SideEnded(ConnectionSide side)
    {
        _ = Interlocked.CompareExchange(ref _firstToEnd, (int)side, -1);
        _ = Interlocked.Increment(ref _sidesEnded);

        // A backend that is done has room for others, however long the client keeps its side open.
        if (side is ConnectionSide.Backend)
            ReleaseBackend();
    }

    /// <summary>One side has failed.</summary>
    public void SideFailed(ConnectionSide side, ConnectionException failure)
    {
        _ = Interlocked.CompareExchange(ref _failure, failure, null);
        SideEnded(side);
    }

    /// <summary>Decides why the connection ends, unless that was decided before.</summary>
    public void Decide(ConnectionEndReason reason) => _ = Interlocked.CompareExchange(ref _decidedReason, (int)reason, -1);

    /// <summary>Ends the connection at once, with a reset on both sides. May be called from any thread, repeatedly; the first reason counts.</summary>
    public void End(ConnectionEndReason reason)
    {
        Decide(reason);
        _attempt?.Cancel();
        Client.Abort();
        _backendConnection?.Abort();
    }

    /// <summary>Ends the connection, or its attempt to reach a backend, when a time limit has passed. Called by the sweep alone.</summary>
    public void CheckTimers(ForwardingOptions options) => _timers.Check(this, options, clock);

    /// <summary>What is to be said about it, now that it has ended.</summary>
    public ConnectionEndRecord ToRecord()
    {
        ConnectionEndReason reason = Reason();
        long sent = _backendConnection?.BytesSent ?? 0;
        long received = _backendConnection is null ? 0 : Client.BytesSent;
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
            Undelivered = Math.Max(0, Client.BytesReceived + (_backendConnection?.BytesReceived ?? 0) - sent - received),
            Connect = _connectTime,
            Duration = clock.GetElapsedTime(StartedAt),
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
        return failure.Connection == Client
            ? isReset ? ConnectionEndReason.ClientReset : ConnectionEndReason.ClientLost
            : isReset ? ConnectionEndReason.BackendReset : ConnectionEndReason.BackendLost;
    }

    private ConnectionSide EndedBy(ConnectionEndReason reason) => reason switch
    {
        ConnectionEndReason.Completed => (ConnectionSide)_firstToEnd,
        ConnectionEndReason.ClientReset or ConnectionEndReason.ClientLost => ConnectionSide.Client,
        ConnectionEndReason.BackendReset or ConnectionEndReason.BackendLost or
            ConnectionEndReason.ConnectFailed or ConnectionEndReason.ConnectTimeout => ConnectionSide.Backend,
        ConnectionEndReason.NoBackendAvailable or ConnectionEndReason.LocalFault or ConnectionEndReason.IdleTimeout or
            ConnectionEndReason.HalfCloseTimeout or ConnectionEndReason.DrainTimeout or ConnectionEndReason.InternalError => ConnectionSide.LbTcp,
        _ => throw new InvalidOperationException($"Unknown reason {reason}."),
    };
}
